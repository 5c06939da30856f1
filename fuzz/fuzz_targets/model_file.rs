//! Runs the target `model_file` of `onrecord::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| onrecord::fuzz::run("model_file", data));

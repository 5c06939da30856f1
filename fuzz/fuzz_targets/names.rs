//! Runs the target `names` of `onrecord::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| onrecord::fuzz::run("names", data));

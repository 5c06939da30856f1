//! Runs the target `robots` of `onrecord::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| onrecord::fuzz::run("robots", data));

//! Disks that are full, fail or turn read-only while the program runs.
//!
//! Most of these tests need a disk of their own, which not every machine lets them mount, and the standard harness
//! counts a test that finds none as passed. So this binary has a harness that decides while it runs: such a test is
//! listed as ignored, with the reason. `.ci/run` repeats at its end what was ignored.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Trial};

#[expect(dead_code, reason = "these tests need a part of it")]
#[path = "../it/console.rs"]
mod console;
#[expect(dead_code, reason = "these tests need a part of it")]
#[path = "../it/earlier.rs"]
mod earlier;
#[cfg(feature = "semantic")]
#[expect(dead_code, reason = "these tests need a part of it")]
#[path = "../python/model.rs"]
mod model;
#[cfg(feature = "semantic")]
#[expect(dead_code, reason = "these tests need a part of it")]
#[path = "../python/mod.rs"]
mod python;
#[path = "../chats/rendered.rs"]
mod rendered;
mod small_disk;
#[expect(dead_code, reason = "these tests need a part of it")]
#[path = "../it/support.rs"]
mod support;
mod trouble;

use small_disk::{Mounting, SmallDisk};

/// Each test by its name.
macro_rules! named {
    ($($test:ident $(: $kilobytes:literal)?),* $(,)?) => {
        &[$((stringify!($test), $($kilobytes,)? trouble::$test)),*]
    };
}

/// What is tried on a disk of so many kilobytes.
type OnSmallDisk = (&'static str, u32, fn(&SmallDisk));

const ON_SMALL_DISKS: &[OnSmallDisk] = named![
    a_full_disk_refuses_changes_in_words_answers_questions_and_goes_on_when_there_is_room: 6_000,
    a_program_that_begins_on_a_full_disk_answers_questions: 6_000,
    a_first_start_on_a_full_disk_says_so_and_leaves_nothing_half_done: 1_000,
    an_index_that_can_not_be_written_is_said_and_catches_up_by_itself: 3_000,
    the_store_s_condition_tells_that_it_can_not_be_written_and_that_it_can_again: 4_000,
    answers_that_can_not_be_remembered_are_held_and_corrections_reach_them_later: 4_000,
    a_disk_that_turns_read_only_answers_and_refuses_and_goes_on_when_it_turns_back: 6_000,
    an_upgrade_on_a_full_or_read_only_disk_leaves_the_file_as_it_was: 4_000,
];

#[cfg(feature = "semantic")]
const WITH_A_MODEL: &[OnSmallDisk] =
    named![a_model_that_there_is_no_room_for_is_not_installed_and_leaves_nothing: 20_000];
#[cfg(not(feature = "semantic"))]
const WITH_A_MODEL: &[OnSmallDisk] = &[];

/// What is tried on the machine's own disk.
type OnAnyDisk = (&'static str, fn());

const ON_ANY_DISK: &[OnAnyDisk] = named![
    a_disk_that_fails_to_write_refuses_changes_and_goes_on_when_it_works_again,
    a_pipe_in_the_database_s_place_is_refused_and_not_waited_for,
    a_database_that_is_cut_under_the_program_is_not_answered_from_any_more,
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let elsewhere = (!cfg!(target_os = "linux")).then(|| "it takes Linux".to_owned());
    let nowhere = match Mounting::find() {
        Mounting::Here => None,
        Mounting::InNamespace => return small_disk::run_in_namespace(),
        Mounting::Nowhere(why) => Some(format!("no disk can be mounted here: {why}")),
    };
    let on_small_disk = |&(name, kilobytes, test): &OnSmallDisk| {
        trial(name, elsewhere.clone().or(nowhere.clone()), move || test(&SmallDisk::of(kilobytes).unwrap()))
    };
    let on_any_disk = |&(name, test): &OnAnyDisk| trial(name, elsewhere.clone(), test);
    let trials = ON_SMALL_DISKS
        .iter()
        .chain(WITH_A_MODEL)
        .map(on_small_disk)
        .chain(ON_ANY_DISK.iter().map(on_any_disk))
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A test that is ignored for a reason, if there is one.
fn trial(name: &str, hindrance: Option<String>, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::ignorable_test(name, move || {
        Ok(hindrance.map_or_else(
            || {
                test();
                Completion::Completed
            },
            Completion::ignored_with,
        ))
    })
}

//! Whether one community's flood makes another wait. Measured, not asserted:
//! `cargo test --test it -- --ignored --nocapture flood`.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use onrecord::{
    desk::{Admission, Invocation, Origin, Request, front::Front},
    model::Limits,
};

use super::support::World;

/// How long each half takes.
const TIME: Duration = Duration::from_secs(20);

fn request(community: u32, channel: u32, person: u32, line: &str) -> Request {
    let channel = format!("{community}-{channel}");
    let actor = format!("discord:{community}{person:05}").parse().unwrap();
    let conversation = format!("discord:{channel}:{person}");
    let origin = Origin {
        community: Some(format!("discord:{community}")),
        channel,
        may_manage_community: false,
        may_moderate_channel: false,
    };
    let invocation = Invocation::Text(line.to_owned());
    Request { actor, conversation, invocation, origin: Some(origin), page_size: 3 }
}

/// Asks as a chat does; how long the answer took, if there was one.
async fn ask(front: &Front, request: Request) -> Option<Duration> {
    let begun = Instant::now();
    if front.desk().admit(&request) != Admission::Granted {
        return None;
    }
    let _ = front.answer(request).await;
    Some(begun.elapsed())
}

/// How long the answers of a community took that asks four times a second, within its limits.
async fn honest(front: &Front) -> Vec<Duration> {
    let (begun, mut number, mut taken) = (Instant::now(), 0, Vec::new());
    while begun.elapsed() < TIME {
        let line = ["source sydney", "source by:\"laura harth\"", "check There is a station in Dublin", "recent"];
        taken.extend(ask(front, request(1, number % 5, number % 40, line[number as usize % 4])).await);
        number += 1;
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    taken.sort();
    taken
}

/// A community of 400 that asks so many times as often as it may; how many of its requests were answered.
async fn flood(front: Front, times: u32) -> (u32, u32) {
    let limit = u32::try_from(Limits::default().community).unwrap();
    let pause = Limits::WINDOW / (limit * times);
    let (begun, mut number, mut answers) = (Instant::now(), 0, Vec::new());
    while begun.elapsed() < TIME {
        let front = front.clone();
        let asked = request(2, number % 100, number % 400, "source police station china netherlands dublin");
        answers.push(tokio::spawn(async move { ask(&front, asked).await.is_some() }));
        number += 1;
        // What the pauses are too short for is caught up with.
        let due = begun + pause * number;
        tokio::time::sleep_until(due.into()).await;
    }
    let mut answered = 0;
    for answer in answers {
        answered += u32::from(answer.await.unwrap());
    }
    (number, answered)
}

fn p99(sorted: &[Duration]) -> Duration {
    sorted[(sorted.len() * 99).div_ceil(100) - 1]
}

#[test]
#[ignore = "measures for 40 seconds; its figures are for reading"]
fn a_community_beside_one_that_floods_at_a_hundred_times_its_limit() {
    let world = World::shipped();
    let (front, staff) = Front::open(Arc::clone(&world.app.desk)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (alone, beside, (asked, answered)) = runtime.block_on(async {
        let alone = honest(&front).await;
        let flooding = tokio::spawn(flood(front.clone(), 100));
        let beside = honest(&front).await;
        (alone, beside, flooding.await.unwrap())
    });
    let ratio = p99(&beside).as_secs_f64() / p99(&alone).as_secs_f64();
    println!("the flood: {asked} requests, {answered} of them answered");
    println!(
        "alone: {} answers, p99 {:?}; beside it: {} answers, p99 {:?}; ratio {ratio:.2}",
        alone.len(),
        p99(&alone),
        beside.len(),
        p99(&beside)
    );
    drop(front);
    drop(world);
    assert!(staff.finish(TIME), "the desk has finished");
}

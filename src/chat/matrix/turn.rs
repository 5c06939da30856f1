//! A room's place among those that are worked on at once, and giving it up where the homeserver takes its time.

use std::{cell::Cell, pin::pin, time::Duration};

use tokio::sync::OwnedSemaphorePermit;

/// How long the homeserver may take for something before the place among those at work goes to another room. It
/// answers in tenths of a second, unless it has the bot wait.
const SLOW: Duration = Duration::from_secs(2);

tokio::task_local! {
    /// The place among those at work that a room's work has, until it is given up.
    static PLACE: Cell<Option<OwnedSemaphorePermit>>;
}

/// Does a room's work, which has this place until it gives it up.
pub(super) async fn with_place<T>(place: OwnedSemaphorePermit, work: impl Future<Output = T>) -> T {
    PLACE.scope(Cell::new(Some(place)), work).await
}

/// Waits for the homeserver. If that takes long, as where it has the bot wait its turn, the place among those at work
/// is given up, so that rooms that wait don't keep others from being answered.
pub(super) async fn unhurried<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    match tokio::time::timeout(SLOW, &mut work).await {
        Ok(done) => done,
        Err(_) => {
            // Work that has no place has none to give up.
            let _ = PLACE.try_with(Cell::take);
            work.await
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn who_waits_for_the_homeserver_gives_the_place_to_others_and_is_still_answered() {
        let places = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        let (answer, answered) = tokio::sync::oneshot::channel();
        let waiting = tokio::spawn(with_place(place, unhurried(answered)));
        let other = tokio::time::timeout(SLOW * 10, places.acquire()).await;
        assert!(other.is_ok(), "the place was not given up");
        answer.send("here").unwrap();
        assert_eq!(waiting.await.unwrap(), Ok("here"));
    }
}

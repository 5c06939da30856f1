//! What an answer, or the lack of one, says of an address.

use url::Url;

use crate::{
    fetch::{FetchError, LookedAt},
    model::{LinkAnswer, LinkOutcome},
};

/// What came of asking an address.
///
/// # Errors
/// Where it's the machine that asks, and not the address, that something is wrong with.
pub fn answer(asked: &Url, found: Result<LookedAt, FetchError>) -> Result<LinkAnswer, FetchError> {
    let found = match found {
        Ok(found) => found,
        Err(error) => return Ok(LinkAnswer { outcome: without_answer(error)?, status: None, last: None }),
    };
    let outcome = match found.status {
        200..=299 if is_front_page_instead(asked, &found.last) => LinkOutcome::FrontPage,
        200..=299 => LinkOutcome::Alive,
        404 | 410 => LinkOutcome::Gone,
        401..=403 | 407 | 451 => LinkOutcome::Guarded,
        429 => LinkOutcome::AskedTooOften,
        500..=599 => LinkOutcome::ServerError,
        _ => LinkOutcome::Unclear,
    };
    let mut first = asked.clone();
    first.set_fragment(None);
    // One that is no address of a public website is none that an editor could take over.
    let last = (found.last != first).then(|| found.last.as_str().parse().ok()).flatten();
    Ok(LinkAnswer { outcome, status: Some(found.status), last })
}

fn without_answer(error: FetchError) -> Result<LinkOutcome, FetchError> {
    Ok(match error {
        FetchError::Off | FetchError::Client { .. } | FetchError::Proxy { .. } => return Err(error),
        FetchError::Scheme { .. }
        | FetchError::Port { .. }
        | FetchError::Credentials
        | FetchError::LocalName { .. }
        | FetchError::NotPublic { .. } => LinkOutcome::NotAsked,
        FetchError::NoSuchName { .. } => LinkOutcome::NoSuchName,
        FetchError::ConnectionRefused { .. } => LinkOutcome::ConnectionRefused,
        FetchError::TimedOut { .. } => LinkOutcome::TimedOut,
        FetchError::Robots { .. } => LinkOutcome::Robots,
        FetchError::LookUp { .. }
        | FetchError::Unreachable { .. }
        | FetchError::TooLong { .. }
        | FetchError::Encoding { .. }
        | FetchError::TooManyRedirects { .. }
        | FetchError::Circle { .. }
        | FetchError::LeadsNowhere { .. }
        | FetchError::NoRobots { .. } => LinkOutcome::Unclear,
    })
}

/// Whether the front page of a host came in place of a page: many send everything there that they don't have any more.
fn is_front_page_instead(asked: &Url, last: &Url) -> bool {
    is_front_page(last) && !is_front_page(asked)
}

fn is_front_page(url: &Url) -> bool {
    let path = url.path().trim_matches('/').to_ascii_lowercase();
    let is_index = ["", "home", "index.htm", "index.html", "index.php"].contains(&path.as_str());
    is_index && url.query().is_none_or(str::is_empty)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_a_status_says_of_an_address() {
        use LinkOutcome::{Alive, AskedTooOften, FrontPage, Gone, Guarded, ServerError, Unclear};
        let page = "https://gull.example.org/2022/pier";
        for (asked, status, last, outcome) in [
            (page, 200, page, Alive),
            (page, 206, page, Alive),
            (page, 200, "https://gull.example.org/pier", Alive),
            (page, 200, "https://other.example.org/2022/pier", Alive),
            (page, 200, "https://gull.example.org/", FrontPage),
            (page, 200, "https://gull.example.org", FrontPage),
            (page, 200, "https://www.gull.example.org/index.html", FrontPage),
            (page, 200, "https://other.example.org/home/", FrontPage),
            (page, 200, "https://gull.example.org/?p=7", Alive),
            (page, 200, "https://gull.example.org/en/", Alive),
            (page, 404, "https://gull.example.org/", Gone),
            ("https://gull.example.org/", 200, "https://www.gull.example.org/", Alive),
            ("https://gull.example.org/?p=7", 200, "https://gull.example.org/", FrontPage),
            (page, 404, page, Gone),
            (page, 410, page, Gone),
            (page, 401, page, Guarded),
            (page, 402, page, Guarded),
            (page, 403, page, Guarded),
            (page, 451, page, Guarded),
            (page, 429, page, AskedTooOften),
            (page, 500, page, ServerError),
            (page, 503, page, ServerError),
            (page, 400, page, Unclear),
            (page, 304, page, Unclear),
        ] {
            let found = LookedAt { last: last.parse().unwrap(), status };
            let answer = answer(&asked.parse().unwrap(), Ok(found)).unwrap();
            assert_eq!((answer.outcome, answer.status), (outcome, Some(status)), "{asked} {status} {last}");
            assert_eq!(answer.last.is_some(), asked != last, "{last}");
        }
    }

    #[test]
    fn what_the_lack_of_an_answer_says_of_an_address() {
        let host = || "gull.example.org".to_owned();
        let reason = || "so".to_owned();
        for (error, outcome) in [
            (FetchError::NoSuchName { host: host() }, LinkOutcome::NoSuchName),
            (FetchError::LookUp { host: host(), reason: reason() }, LinkOutcome::Unclear),
            (FetchError::ConnectionRefused { host: host() }, LinkOutcome::ConnectionRefused),
            (FetchError::Unreachable { host: host(), reason: reason() }, LinkOutcome::Unclear),
            (FetchError::TimedOut { host: host(), limit: Duration::from_secs(1) }, LinkOutcome::TimedOut),
            (FetchError::Robots { host: host() }, LinkOutcome::Robots),
            (FetchError::NoRobots { host: host(), reason: reason() }, LinkOutcome::Unclear),
            (FetchError::Port { host: host(), port: 22 }, LinkOutcome::NotAsked),
            (FetchError::Circle { host: host() }, LinkOutcome::Unclear),
        ] {
            let answer = answer(&"https://gull.example.org/pier".parse().unwrap(), Err(error.clone())).unwrap();
            assert_eq!((answer.outcome, answer.status, answer.last), (outcome, None, None), "{error}");
        }
        for error in [FetchError::Off, FetchError::Proxy { reason: reason() }] {
            assert_eq!(answer(&"https://gull.example.org/".parse().unwrap(), Err(error.clone())), Err(error));
        }
    }
}

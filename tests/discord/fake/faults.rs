//! Troubles that a test orders in advance: what goes wrong, on which route, how many times.

use std::time::Duration;

use super::error::ApiError;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// 429, with a time to wait; for this route's bucket, or for everything.
    RateLimited {
        /// How long the client has to wait.
        retry_after: Duration,
        /// Whether the global limit is meant.
        global: bool,
    },
    /// A bare HTTP status with an HTML body, as Discord's front servers give: 502, 503, 504.
    Status(u16),
    /// One of Discord's own refusals, such as [`ApiError::missing_permissions`].
    Refused(ApiError),
    /// The answer comes, but late.
    Slow(Duration),
    /// The connection is reset and nothing was done.
    Reset,
    /// What was asked is done, and the connection is reset before the answer.
    ResetAfterwards,
    /// What was asked is done, and the answer is not JSON.
    Garbled,
}

/// An ordered trouble. Without [`Fault::on`] it concerns every route, without [`Fault::times`]
/// it happens once.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    trouble: Trouble,
    operation: Option<String>,
    spared: usize,
    times: usize,
}

impl Fault {
    /// Orders a trouble for the next request.
    pub(crate) fn new(trouble: Trouble) -> Self {
        Self { trouble, operation: None, spared: 0, times: 1 }
    }

    /// Only for one operation, by its name in Discord's specification: `create_message`.
    #[must_use]
    pub(crate) fn on(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// So many times; `usize::MAX` for ever.
    #[must_use]
    pub(crate) fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Only after so many requests have gone well.
    #[must_use]
    pub(crate) fn after(mut self, spared: usize) -> Self {
        self.spared = spared;
        self
    }
}

/// The troubles still to come.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn order(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The trouble that a request of this operation meets now, if any. The first order counts.
    pub(super) fn meet(&mut self, operation: &str) -> Option<Trouble> {
        let concerns = |it: &Fault| it.operation.as_deref().is_none_or(|it| it == operation);
        let at = self.0.iter().position(concerns)?;
        let fault = &mut self.0[at];
        if fault.spared > 0 {
            fault.spared -= 1;
            return None;
        }
        fault.times = fault.times.saturating_sub(1);
        let trouble = fault.trouble.clone();
        if fault.times == 0 {
            self.0.remove(at);
        }
        Some(trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_spares_then_strikes_then_is_spent() {
        let mut faults = Faults::default();
        faults.order(Fault::new(Trouble::Reset).on("create_message").after(1).times(2));
        let met: Vec<_> = (0..4).map(|_| faults.meet("create_message").is_some()).collect();
        assert_eq!(met, [false, true, true, false]);
        assert_eq!(faults.meet("get_my_user"), None);
    }
}

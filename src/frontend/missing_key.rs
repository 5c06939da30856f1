//! What is said where a message can't be decrypted, and where anything is: a message that was for others is none of the
//! bot's concern, whether it can be read or not.

/// Why a message can't be decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingKey {
    /// Its key has not come.
    Late,
    /// Its sender's app keeps keys from devices that nobody has verified.
    Unverified,
    /// Its sender has shut the bot's device out.
    ShutOut,
    /// It was sent before the bot was there.
    SentBefore,
    /// The two apps could not agree on an encryption of their own.
    NoChannel,
}

/// What is known of a message that can't be decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable {
    /// Whether only the bot is spoken to where it was sent.
    pub direct: bool,
    /// Whether it replies to a message of the bot's own.
    pub answers_bot: bool,
}

impl Unreadable {
    /// Whether it was likely a question to the bot. Whom a message mentions is encrypted along with it.
    #[must_use]
    pub const fn is_likely_a_question(self) -> bool {
        self.direct || self.answers_bot
    }
}

impl MissingKey {
    /// What is said of it.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Late => {
                "I could not decrypt a message here: its key has not reached me, mostly because it was sent before the \
                 sender's app knew me. If it was for me, send it again."
            }
            Self::Unverified => {
                "I could not decrypt a message here: its sender's app gives no keys to devices that aren't verified, and \
                 mine isn't to it. Verify me, or allow unverified devices in the app's settings on encryption, and send it \
                 again."
            }
            Self::ShutOut => {
                "I could not decrypt a message here: its sender's app is set to give my device no keys. Allow my device \
                 there, and send it again."
            }
            Self::SentBefore => {
                "I could not decrypt a message here: it was sent before I was here, and its key isn't given to me. Send it \
                 again."
            }
            Self::NoChannel => {
                "I could not decrypt a message here: its sender's app could not reach my device to give it the key. Send \
                 it again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_only_of_what_was_likely_a_question() {
        for (direct, answers_bot, likely) in
            [(true, false, true), (false, true, true), (true, true, true), (false, false, false)]
        {
            assert_eq!(Unreadable { direct, answers_bot }.is_likely_a_question(), likely);
        }
    }

    #[test]
    fn each_reason_has_its_own_sentence_and_says_what_to_do() {
        let all = [
            MissingKey::Late,
            MissingKey::Unverified,
            MissingKey::ShutOut,
            MissingKey::SentBefore,
            MissingKey::NoChannel,
        ];
        let mut sentences: Vec<&str> = all.iter().map(|key| key.sentence()).collect();
        assert!(sentences.iter().all(|sentence| sentence.to_lowercase().contains("send it again")));
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), all.len());
    }
}

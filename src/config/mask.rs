//! Credentials in addresses (`https://user:password@host`) are not shown.

use std::borrow::Cow;

/// What is shown in their place.
const HIDDEN: &str = "(hidden)";

/// A text with the credentials of every address in it left out. An address's credentials stand between `//` and
/// the last `@` of its authority, which ends at a slash, a question mark or a hash (RFC 3986, section 3.2).
#[must_use]
pub fn without_credentials(text: &str) -> Cow<'_, str> {
    let mut shown: Option<String> = None;
    let mut done = 0;
    for (at, mark) in text.match_indices("://") {
        let begin = at + mark.len();
        let rest = text.get(begin..).unwrap_or_default();
        let is_end = |character: char| character.is_whitespace() || "/?#\"'\\<>`".contains(character);
        let authority = rest.split(is_end).next().unwrap_or_default();
        if let Some((credentials, _)) = authority.rsplit_once('@')
            && begin >= done
        {
            let shown = shown.get_or_insert_default();
            shown.push_str(text.get(done..begin).unwrap_or_default());
            shown.push_str(HIDDEN);
            done = begin + credentials.len();
        }
    }
    match shown {
        None => Cow::Borrowed(text),
        Some(shown) => Cow::Owned(shown + text.get(done..).unwrap_or_default()),
    }
}

/// A setting that should be an address, and may be anything: whatever stands before the last `@` is left out.
pub(super) fn masked_address(value: &str) -> String {
    let Some((before, after)) = value.rsplit_once('@') else { return value.to_owned() };
    let scheme = before.split_once("://").map(|(scheme, _)| format!("{scheme}://"));
    format!("{}{HIDDEN}@{after}", scheme.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn credentials_are_left_out_and_all_else_stays() {
        for (text, shown) in [
            ("", ""),
            ("https://example.org/@ana", "https://example.org/@ana"),
            ("mail ana@example.org", "mail ana@example.org"),
            ("https://u:p@h", "https://(hidden)@h"),
            ("https://u@h:1/a?b=c@d", "https://(hidden)@h:1/a?b=c@d"),
            ("https://u:p@q@h/", "https://(hidden)@h/"),
            ("(http://a:b@h/x) and \"ws://c:d@i\".", "(http://(hidden)@h/x) and \"ws://(hidden)@i\"."),
            ("a://b://c:d@e", "a://b://(hidden)@e"),
            ("x://ü:é@ö", "x://(hidden)@ö"),
        ] {
            assert_eq!(without_credentials(text), shown);
        }
        for (value, shown) in [
            ("example.org", "example.org"),
            ("https://u:p@h/a", "https://(hidden)@h/a"),
            // What is no address is masked, too: a slash or a space in a password makes it none.
            ("https://u:p/q r@h", "https://(hidden)@h"),
            ("u:p@h", "(hidden)@h"),
        ] {
            assert_eq!(masked_address(value), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_left_of_a_password_wherever_its_address_stands(
            before in "[^:]{0,20}", user in "[a-z]{0,5}", host in "[a-z]{1,5}", after in "[ /?#\"].{0,20}"
        ) {
            let text = format!("{before}https://{user}:Xq7secret@{host}{after}");
            let shown = without_credentials(&text);
            prop_assert!(!shown.contains("Xq7secret"), "{}", shown);
            let begin = format!("{before}https://(hidden)@{host}");
            prop_assert!(shown.starts_with(&begin), "{}", shown);
        }
    }
}

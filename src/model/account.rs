//! How accounts are written: what no account of a platform looks like is refused, so that nobody passes for a second
//! person by a character that can't be seen or that looks like another.

use std::borrow::Cow;

use caseless::default_case_fold_str;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_security::{GeneralSecurityProfile, RestrictionLevel, RestrictionLevelDetection};

use super::{
    Platform, is_invisible,
    look_alikes::{look_alike, looks_ascii},
};

/// The longest account, in bytes: the limit of a Matrix user id (Matrix specification, appendix "User identifiers").
const LONGEST: usize = 255;

/// An account in the one form in which it is compared, or what is wrong with it.
pub(super) fn canonical(platform: Platform, account: &str) -> Result<Cow<'_, str>, &'static str> {
    if account.is_empty() || account.len() > LONGEST {
        return Err("the account is missing or longer than 255 bytes");
    }
    if account.chars().any(|character| character.is_whitespace() || is_invisible(character)) {
        return Err("the account has a space or a character that can't be seen");
    }
    match platform {
        Platform::Discord => match account.parse::<u64>() {
            Ok(number) if number > 0 && account.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Cow::Owned(number.to_string()))
            }
            _ => Err("an account of Discord is a number (Settings, Advanced, Developer Mode; then Copy User ID)"),
        },
        Platform::Matrix => {
            // Matrix specification, "Common identifier format": ids are ASCII, those of before included, and case counts.
            let has_sigil = account.starts_with(['@', '!', '#']);
            let has_server = account.split_once(':').is_some_and(|(_, server)| !server.is_empty());
            if !has_sigil || (account.starts_with('@') && !has_server) {
                return Err("an account of Matrix is a whole user id, like @ana:example.org");
            }
            if account.bytes().all(|byte| byte.is_ascii_graphic()) {
                Ok(Cow::Borrowed(account))
            } else {
                Err("an id of Matrix has ASCII characters alone; others may only look like them")
            }
        }
        Platform::Terminal | Platform::Project => name(account).map(|()| Cow::Borrowed(account)),
    }
}

/// Whether a name can be told from others by its looks (Unicode Technical Standard 39).
fn name(account: &str) -> Result<(), &'static str> {
    if account.contains(':') {
        return Err("a name at the machine has no colon");
    }
    if account.contains(['"', '\'', '`', ',', ';', '<', '>', '(', ')', '!']) {
        return Err("a name at the machine has no quotation marks, brackets or the like");
    }
    if account.is_ascii() {
        return Ok(());
    }
    let is_plain = |character: char| character.is_ascii() || character.identifier_allowed();
    if !is_nfc(account) || !account.chars().all(is_plain) {
        return Err("the name has characters that are in no name, or in an unusual form");
    }
    if account.detect_restriction_level() > RestrictionLevel::HighlyRestrictive {
        return Err("the name mixes scripts, so that it may look like another");
    }
    if looks_ascii(account) {
        return Err("the name looks like one in other letters");
    }
    Ok(())
}

/// Whether two accounts of one platform may be taken for each other: they differ in case, in characters that can't be
/// seen, or in letters that look alike. Records of before may have such.
pub(super) fn resemble(platform: Platform, one: &str, other: &str) -> bool {
    let folded = |account: &str| -> String {
        let seen: String = account.chars().filter(|&character| !is_invisible(character)).nfkc().collect();
        match platform {
            Platform::Discord => seen.trim_start_matches('0').to_owned(),
            Platform::Matrix | Platform::Terminal | Platform::Project => default_case_fold_str(&seen),
        }
    };
    let (one, other) = (folded(one), folded(other));
    // Of ASCII alone digits would be taken for letters, too; there, who is who is plain.
    one == other || (!(one.is_ascii() && other.is_ascii()) && look_alike(&one, &other))
}

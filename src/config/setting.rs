//! What there is to say of a setting. Each part of the configuration lists its own; they are all together in
//! [`super::SETTINGS`].

/// One variable that configures the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The variable's name.
    pub name: &'static str,
    /// Its default, in words where it is worked out.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
    /// When a running bot goes by another value.
    pub takes_effect: TakesEffect,
}

/// When a running bot goes by a value that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesEffect {
    /// As soon as it has read its settings again.
    AtOnce,
    /// When it is started anew.
    AtTheNextStart,
    /// Never: it has no use for it.
    Never,
}

/// How many settings some parts have in all.
pub(super) const fn count(parts: &[&[Setting]]) -> usize {
    let mut count = 0;
    let mut part = 0;
    while part < parts.len() {
        count += parts[part].len();
        part += 1;
    }
    count
}

/// The settings of some parts, one after the other. Worked out when the program is compiled.
pub(super) const fn join<const COUNT: usize>(parts: &[&[Setting]]) -> [Setting; COUNT] {
    let mut joined = [parts[0][0]; COUNT];
    let (mut part, mut at, mut filled) = (0, 0, 0);
    while part < parts.len() {
        if at < parts[part].len() {
            joined[filled] = parts[part][at];
            (at, filled) = (at + 1, filled + 1);
        } else {
            (part, at) = (part + 1, 0);
        }
    }
    joined
}

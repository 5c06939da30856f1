//! How the file lies: a header, a sentence on its origin, a row for each place, their names, the places of names that
//! several go by, and the names as a table of hashes. Numbers are little-endian.
//!
//! A name isn't kept itself but as 40 bits of its hash, which halves the file: the first 16 bits are its bucket, the rest
//! stands in the bucket. A word that is no name is taken for one once in some millions.

use super::PlaceKind;

/// What the file begins with, with the version of its layout.
pub(super) const MAGIC: &[u8; 8] = b"ORPLACE2";

/// The header: the magic, the lengths of the five parts that follow, and the number of words of the longest name.
pub(super) const HEADER_LENGTH: usize = 8 + 6 * 4;

/// The bytes of a place's row: its number in GeoNames (4), where its name begins (3) and how long it is (1), its kind and
/// whether it is a capital (1), its size (1), what it lies in (2), its region (2).
pub(super) const PLACE_LENGTH: usize = 14;

/// No place.
pub(super) const NONE: u16 = u16::MAX;

/// The buckets, by the first 16 bits of the hash. Where each begins stands before them, in entries (3 bytes), and where
/// the last ends.
pub(super) const BUCKETS: usize = 1 << 16;

/// The bytes of a name: the rest of its hash (3) and its value (3).
pub(super) const ENTRY_LENGTH: usize = 6;

/// In the value of a name, the bits that tell its use.
pub(super) const FLAGS: u32 = 0b011;

/// In the value of a name, the bit that says that several places go by it: then the rest of the value is where their
/// numbers stand, else it is the number of the place.
pub(super) const SEVERAL: u32 = 0b100;

/// In the byte of the kind, the bit of a capital.
pub(super) const CAPITAL: u8 = 0b1000_0000;

/// The parts of a file.
pub(super) struct Layout<'a> {
    pub(super) about: &'a str,
    pub(super) places: &'a [u8],
    pub(super) names: &'a [u8],
    pub(super) bearers: &'a [u8],
    pub(super) keys: &'a [u8],
    pub(super) longest: usize,
}

impl<'a> Layout<'a> {
    pub(super) fn read(file: &'a [u8]) -> Option<Self> {
        let header = file.strip_prefix(MAGIC)?;
        let mut lengths = header.get(..HEADER_LENGTH - MAGIC.len())?.chunks_exact(4).filter_map(u32_at);
        let mut next = || usize::try_from(lengths.next()?).ok();
        let [about, places, names, bearers, keys, longest] = [next()?, next()?, next()?, next()?, next()?, next()?];
        let mut rest = file.get(HEADER_LENGTH..)?;
        let mut part = |length| {
            let (part, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        Some(Self {
            about: std::str::from_utf8(part(about)?).ok()?,
            places: part(places)?,
            names: part(names)?,
            bearers: part(bearers)?,
            keys: part(keys)?,
            longest,
        })
    }
}

/// A place's row.
pub(super) struct PlaceRow {
    pub(super) geonames: u32,
    pub(super) name_at: u32,
    pub(super) name_length: u8,
    pub(super) kind: PlaceKind,
    pub(super) capital: bool,
    pub(super) size: u8,
    pub(super) within: u16,
    pub(super) region: u16,
}

/// Reads the row of a place.
pub(super) fn row(bytes: &[u8]) -> Option<PlaceRow> {
    let &[g0, g1, g2, g3, n0, n1, n2, name_length, kind, size, w0, w1, r0, r1] = bytes else { return None };
    Some(PlaceRow {
        geonames: u32::from_le_bytes([g0, g1, g2, g3]),
        name_at: u32::from_le_bytes([n0, n1, n2, 0]),
        name_length,
        kind: match kind & !CAPITAL {
            0 => PlaceKind::Continent,
            1 => PlaceKind::Country,
            2 => PlaceKind::Region,
            3 => PlaceKind::City,
            _ => return None,
        },
        capital: kind & CAPITAL > 0,
        size,
        within: u16::from_le_bytes([w0, w1]),
        region: u16::from_le_bytes([r0, r1]),
    })
}

/// How many people live in a place, in a byte: ten times the base 10 logarithm.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "ten times the logarithm of a number of 64 bits is below 200"
)]
pub(super) fn size(population: u64) -> u8 {
    (10.0 * (population.max(1) as f64).log10()).round() as u8
}

/// A number of three bytes.
pub(super) fn number(bytes: &[u8]) -> Option<u32> {
    let &[a, b, c] = bytes else { return None };
    Some(u32::from_le_bytes([a, b, c, 0]))
}

fn u32_at(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_le_bytes)
}

/// The hash of a name, of which more may be read: FNV-1a of 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHash(u64);

impl KeyHash {
    /// Of nothing.
    pub const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// Of a whole name.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self::EMPTY.and(key)
    }

    /// With what follows.
    #[must_use]
    pub fn and(self, text: &str) -> Self {
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        Self(text.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME)))
    }

    /// The bucket of a name and the rest of its hash: its halves folded together as its authors advise.
    pub(super) fn parts(self) -> (usize, [u8; 3]) {
        let [a, b, c, d, e, ..] = (self.0 ^ (self.0 >> 40)).to_le_bytes();
        (usize::from(u16::from_le_bytes([a, b])), [c, d, e])
    }
}

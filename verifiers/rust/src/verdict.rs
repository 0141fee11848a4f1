//! What a reader answers, and what a program may tell its user of it.

use crate::Day;
use std::fmt;

/// What a program gave that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misuse(pub(crate) &'static str);

impl std::error::Error for Misuse {}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// 16 bytes, the same over renewals; written in the shape of a UUID, lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LicenseId(pub [u8; 16]);

impl fmt::Display for LicenseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            let hyphen = if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{}{:02x}", hyphen, byte)?;
        }
        Ok(())
    }
}

/// A license as a program sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct License {
    pub id: LicenseId,
    pub revision: u16,
    pub issued: Day,
    /// Inclusive; none is perpetual.
    pub last_valid: Option<Day>,
    /// Inclusive, held against the build date; none is no limit.
    pub updates_until: Option<Day>,
    /// 0 is unlimited.
    pub seats: u16,
    /// Bit i is the product's feature number i.
    pub features: u32,
    pub test: bool,
    pub trial: bool,
    pub key_id: u8,
}

/// In the order in which they are judged; only `Valid` is licensed. `Display` writes a sentence for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Empty,
    /// From 1, among the characters that mean something.
    BadCharacter {
        position: usize,
    },
    TooShort {
        count: usize,
    },
    TooLong {
        count: usize,
    },
    Mistyped,
    UnsupportedVersion,
    WrongProduct,
    UnknownKey,
    Forged,
    TestCode(License),
    NotYetValid(License),
    Revoked(License),
    Expired {
        license: License,
        last_valid: Day,
    },
    UpdatesEnded {
        license: License,
        updates_until: Day,
    },
    Valid(License),
}

impl Verdict {
    /// The word of the format, by which a program may translate.
    pub fn code(&self) -> &'static str {
        match self {
            Verdict::Empty => "empty",
            Verdict::BadCharacter { .. } => "bad-character",
            Verdict::TooShort { .. } => "too-short",
            Verdict::TooLong { .. } => "too-long",
            Verdict::Mistyped => "mistyped",
            Verdict::UnsupportedVersion => "unsupported-version",
            Verdict::WrongProduct => "wrong-product",
            Verdict::UnknownKey => "unknown-key",
            Verdict::Forged => "forged",
            Verdict::TestCode(_) => "test-code",
            Verdict::NotYetValid(_) => "not-yet-valid",
            Verdict::Revoked(_) => "revoked",
            Verdict::Expired { .. } => "expired",
            Verdict::UpdatesEnded { .. } => "updates-ended",
            Verdict::Valid(_) => "valid",
        }
    }

    /// What a genuine code says, whether it counts or not.
    pub fn license(&self) -> Option<&License> {
        match self {
            Verdict::TestCode(license)
            | Verdict::NotYetValid(license)
            | Verdict::Revoked(license)
            | Verdict::Expired { license, .. }
            | Verdict::UpdatesEnded { license, .. }
            | Verdict::Valid(license) => Some(license),
            _ => None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::BadCharacter { position } => {
                return write!(f, "character {} does not belong in a license code", position)
            }
            Verdict::TooShort { count } => {
                return write!(f, "this is {} of 160 characters: copy the whole line", count)
            }
            Verdict::TooLong { count } => {
                return write!(f, "this is {} characters instead of 160: copy only the line with the code", count)
            }
            Verdict::Expired { last_valid, .. } => return write!(f, "this license expired on {}", last_valid),
            Verdict::UpdatesEnded { updates_until, .. } => {
                return write!(f, "this license covers versions built until {}", updates_until)
            }
            Verdict::Empty => "paste your license code",
            Verdict::Mistyped => "a character is wrong: paste it again",
            Verdict::UnsupportedVersion => "this license was made for a newer version of this program",
            Verdict::WrongProduct => "this license is for another product",
            Verdict::UnknownKey => "update the program, then try again",
            Verdict::Forged => "this is not a genuine license",
            Verdict::TestCode(_) => "this is a test license",
            Verdict::NotYetValid(_) => "this license begins in the future: check the date of your computer",
            Verdict::Revoked(_) => "this license was withdrawn (refunded, for example)",
            Verdict::Valid(_) => "licensed",
        })
    }
}

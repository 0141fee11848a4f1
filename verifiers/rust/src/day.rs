//! UTC days, as the record holds them (days since 1970-01-01) and as people write them (`YYYY-MM-DD`).

use crate::Misuse;
use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// From 0000-03-01, when eras of 400 years begin with a leap day as their last, to 1970-01-01.
const DAYS_TO_1970: i32 = 719_468;

/// An existing day of the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i32);

impl Day {
    /// The UTC day that the computer's clock shows; the first of 1970 where it shows an earlier one.
    pub fn today() -> Day {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        Day(i32::try_from(seconds / 86_400).unwrap_or(i32::MAX))
    }

    pub(crate) fn from_number(number: u16) -> Day {
        Day(i32::from(number))
    }

    /// Days since 1970-01-01; negative before.
    pub fn number(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = i64::from(self.0) + i64::from(DAYS_TO_1970);
        let (era, in_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
        let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
        let in_year = in_era - (365 * year + year / 4 - year / 100);
        let month = (5 * in_year + 2) / 153;
        let day = in_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        write!(f, "{:04}-{:02}-{:02}", year + era * 400 + i64::from(month <= 2), month, day)
    }
}

impl FromStr for Day {
    type Err = Misuse;

    /// An error for anything but an existing day, written `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Day, Misuse> {
        parse(text).map(Day).ok_or(Misuse("a day is written YYYY-MM-DD"))
    }
}

fn parse(text: &str) -> Option<i32> {
    let digits = |from, to| -> Option<i32> {
        let part = text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse().ok()
    };
    if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if year < 1 || !(1..=12).contains(&month) || !(1..=length).contains(&day) {
        return None;
    }
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - DAYS_TO_1970)
}

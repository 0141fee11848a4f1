//! No text makes a reader panic or takes it long, and none that nobody signed is accepted. `fuzz/` does the same for longer.

use mintmark_verify::{Day, Key, Mode, Reader, SlipKind, Verdict};
use serde_json::Value;
use std::time::{Duration, Instant};

const TEXTS: usize = 20_000;
/// Ten times what it takes where nothing else runs.
const LONGEST: Duration = Duration::from_millis(200);

const FRAGMENTS: [&str; 44] = [
    "%",
    "%25",
    "25",
    "%41",
    "=",
    "=3D",
    "=20",
    "=\r\n",
    "&",
    "&amp;",
    "amp;",
    "&#",
    "&#65;",
    "&#xd800;",
    "&#1114112;",
    ";",
    "<",
    "</",
    "<b>",
    ">",
    "\\",
    "\\u",
    "\\u0041",
    "\\ud83d",
    "\\n",
    "\u{c2}",
    "\u{a0}",
    "\u{e2}\u{80}\u{8b}",
    "\u{ef}\u{bb}\u{bf}",
    "\u{2167}",
    "\u{fdfa}",
    "\u{410}",
    "u",
    "\n",
    "\r\n\r\n",
    " ",
    "-",
    "@",
    "a.b",
    "://",
    "\0",
    "\u{10ffff}",
    "0123456789",
    "ADA@ACME.EXAMPLE",
];

struct Sample {
    vectors: Value,
}

impl Sample {
    fn new() -> Sample {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/license-code-v1.json");
        Sample { vectors: serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap() }
    }

    fn code(&self) -> &str {
        self.vectors["mint"][0]["code"].as_str().unwrap()
    }

    fn reader(&self) -> Reader {
        let license = &self.vectors["mint"][0]["license"];
        let key =
            &self.vectors["keyring"].as_array().unwrap().iter().find(|key| key["id"] == license["keyId"]).unwrap();
        let key = Key {
            id: key["id"].as_u64().unwrap() as u8,
            mode: if key["mode"] == "test" { Mode::Test } else { Mode::Live },
            public_key: key["publicKey"].as_str().unwrap(),
        };
        let issued: Day = license["issued"].as_str().unwrap().parse().unwrap();
        Reader::new(license["product"].as_str().unwrap(), &[key]).unwrap().today(issued).allow_test(true)
    }
}

/// Numbers that are the same in each run (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn a_code_that_was_signed_is_valid_or_the_other_tests_would_prove_nothing() {
    let sample = Sample::new();
    assert_eq!(sample.reader().read(sample.code()).word(), "valid");
}

#[test]
fn no_text_panics_and_none_that_nobody_signed_is_accepted() {
    let sample = Sample::new();
    let reader = sample.reader();
    let mut random = Random(844_189);
    for _ in 0..TEXTS {
        let mut text = String::new();
        for _ in 0..random.below(40) {
            text.push_str(FRAGMENTS[random.below(FRAGMENTS.len())]);
            // Three quarters at most: one slip would be undone, and rightly.
            let from = random.below(120);
            text.push_str(&sample.code()[from..from + random.below(40)].to_lowercase()[..]);
        }
        let read = reader.read(&text);
        assert!(!read.to_string().is_empty());
        assert_eq!(read.licensed(), None, "{:?}", text);
    }
}

#[test]
fn each_wrong_character_is_undone_to_the_very_code() {
    let sample = Sample::new();
    let reader = sample.reader();
    for place in 0..160 {
        let mut typed = sample.code().to_string();
        let right = typed[place..place + 1].to_string();
        let wrong = if right == "7" { "8" } else { "7" };
        typed.replace_range(place..place + 1, wrong);
        match reader.read(&typed) {
            Verdict::Valid(licensed) => {
                let repaired = licensed.repaired.expect("it was repaired");
                assert_eq!(licensed.code, sample.code());
                assert_eq!((repaired.kind, repaired.position), (SlipKind::Substitution, place + 1));
                assert_eq!((repaired.was.as_str(), repaired.is), (wrong, right));
            }
            verdict => panic!("{}: {}", place, verdict),
        }
    }
}

#[test]
fn a_text_of_64_kib_is_answered_at_once_and_what_is_behind_it_is_not_looked_at() {
    let sample = Sample::new();
    let reader = sample.reader();
    let head = &sample.code()[..159];
    let hostile = [
        "A".into(),
        "<a".into(),
        "%25".into(),
        "&amp;".into(),
        "\u{2167}".into(),
        "A\u{410}".into(),
        "A ".into(),
        format!("{} ", head),
        format!("{} ", "0".repeat(160)),
        format!("{}7 ", head),
        format!("{}\u{410}", &head[..8]),
    ];
    for unit in hostile.iter().map(String::as_str) {
        let text = unit.repeat(200_000 / unit.len());
        let begun = Instant::now();
        reader.read(&text);
        let longest = LONGEST * if cfg!(debug_assertions) { 20 } else { 1 };
        assert!(begun.elapsed() < longest, "{:?}: {:?}", &unit[..unit.len().min(9)], begun.elapsed());
    }
    let behind = format!("{}{}", " ".repeat(65_536), sample.code());
    assert_eq!(reader.read(&behind), Verdict::Empty);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let sample = Sample::new();
    let live = |id, public_key| Key { id, mode: Mode::Live, public_key };
    let one = "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb";
    let small = "0100000000000000000000000000000000000000000000000000000000000000";
    assert!(Reader::new("", &[live(1, one)]).is_err());
    assert!(Reader::new(&"x".repeat(65), &[live(1, one)]).is_err());
    assert!(Reader::new("a", &[]).is_err());
    assert!(Reader::new("a", &[live(0, one)]).is_err());
    assert!(Reader::new("a", &[live(1, one), live(2, one)]).is_err());
    assert!(Reader::new("a", &[live(1, small)]).is_err());
    assert!(Reader::new("a", &[live(1, &one[1..])]).is_err());
    assert!(sample.reader().features(&["export", "export"]).is_err());
    assert!(sample.reader().features(&[""]).is_err());
    assert!(sample.reader().features(&["export", "print"]).is_ok());
    assert!("2026-02-29".parse::<Day>().is_err());
}

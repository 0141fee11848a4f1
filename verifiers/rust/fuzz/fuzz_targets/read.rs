//! No text makes a reader panic; and whatever is done to a code, no other code is accepted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mintmark_verify::{Key, Mode, Reader};
use std::sync::OnceLock;

/// A test key, and the code that it signed, of verifiers/vectors.
const PUBLIC_KEY: &str = "7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb";
const CODE: &str = concat!(
    "200HDMQP069F78BW9SYJQ6GHBW63QT6PE4000M9A0000000004000010DEKZMXHYMJ2RSF4FDRK5N4KJ",
    "BRBFX9TNGA0Z2YFWTVT076ERJRA4F78PWV2F47Z9Z6VGK08M88HR2R855C6A69KBFKE0G6Z70KFG7FCA",
);

fuzz_target!(|text: &str| {
    static READER: OnceLock<Reader> = OnceLock::new();
    let key = Key { id: 1, mode: Mode::Live, public_key: PUBLIC_KEY };
    let reader = READER.get_or_init(|| Reader::new("acme-editor", &[key]).expect("a reader"));
    // So that pieces of the code are met at once.
    let text = text.replace('\u{1}', &CODE[..8]).replace('\u{2}', &CODE[8..80]).replace('\u{3}', &CODE[80..]);
    let verdict = reader.read(&text);
    assert!(!verdict.to_string().is_empty());
    assert!(verdict.licensed().map_or(true, |licensed| licensed.code == CODE));
});

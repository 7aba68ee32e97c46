//! What settings take and refuse.

use super::*;

/// A domain of an experiment's own: letters A and B, kept as a number of each.
#[derive(Clone, Copy)]
struct Letters;

impl Domain for Letters {
    type Value = (usize, usize);

    fn allowed(&self) -> Allowed {
        Allowed::Text { pattern: "[AB]*", words: "letters A and B" }
    }

    fn parse(&self, raw: &RawValue) -> Option<(usize, usize)> {
        let letters = raw.text.bytes().filter(|byte| b"AB".contains(byte)).count();
        let a = raw.text.bytes().filter(|byte| *byte == b'A').count();
        (raw.is_text(&raw.text) && letters == raw.text.len()).then_some((a, letters - a))
    }

    fn value(&self, (a, b): (usize, usize)) -> Value {
        Value::Text(("A".repeat(a) + &"B".repeat(b)).into())
    }
}

const SCHEDULE: Setting<Letters> = Setting {
    name: "schedule",
    attribute: "schedule",
    domain: Letters,
    default: (0, 0),
    unit: "",
    meaning: "Who takes each step.",
};

#[derive(Debug, PartialEq)]
struct Config {
    times: u32,
    schedule: (usize, usize),
    atomic: bool,
}

fn read(raw: &[(&str, RawKind, &str)]) -> Result<(Config, Values), InvalidConfig> {
    let raw: Vec<_> = raw
        .iter()
        .map(|(name, kind, text)| {
            let text = (*text).to_owned();
            ((*name).to_owned(), RawValue { text, kind: *kind })
        })
        .collect();
    let mut reader = ConfigReader::new(&raw);
    let config = Config {
        times: reader.get(&TIMES.within(Range(1, 3), 1)),
        schedule: reader.get(&SCHEDULE),
        atomic: reader.get(&COUNTER.within(OneOf(&["racy", "atomic"], &[false, true]), false)),
    };
    if config.schedule.0 > 2 * config.times as usize {
        let allowed = "as many letters A as that thread has steps".to_owned();
        reader.reject("schedule", "schedule", allowed);
    }
    let values =
        reader.finish(&|name| ["times", "schedule", "counter", "pollMs"].contains(&name))?;
    Ok((config, values))
}

#[test]
fn an_experiment_may_have_domains_ranges_and_choices_of_its_own() {
    let given = [
        ("schedule", RawKind::Text, "AABB"),
        ("counter", RawKind::Text, "atomic"),
        ("pollMs", RawKind::Number(7.0), "7"),
    ];
    let (config, values) = read(&given).expect("all of it is allowed");
    let wanted = Config { times: 1, schedule: (2, 2), atomic: true };
    assert_eq!(config, wanted);
    let shown = serde_json::json!(values);
    let wanted = serde_json::json!({ "times": 1, "schedule": "AABB", "counter": "atomic" });
    assert_eq!(shown, wanted, "settings of others are left out");
}

#[test]
fn what_is_wrong_is_named_field_by_field_and_across_fields() {
    let given = [
        ("times", RawKind::Number(4.0), "4"),
        ("counter", RawKind::Text, "std-mutex"),
        ("schedule", RawKind::Text, "AAAB"),
        ("colour", RawKind::Text, "red"),
    ];
    let InvalidConfig(invalid) = read(&given).expect_err("nothing of it is allowed");
    let named: Vec<_> =
        invalid.iter().map(|field| (&*field.field, &*field.got, &*field.allowed)).collect();
    let wanted = [
        ("colour", "red", "no such setting; there are times, schedule, counter"),
        ("times", "4", "1–3"),
        ("counter", "std-mutex", "racy, atomic"),
        ("schedule", "AAAB", "as many letters A as that thread has steps"),
    ];
    assert_eq!(named, wanted);
}

//! What comes from outside and may be anything, against the code that reads it: configurations here, against Rust's; queries, messages and
//! reports in scripts of their own, against the page's. Nothing panics or throws, and what passes is in range.

use locklab::experiment::settings::{Allowed, ConfigReader, SettingInfo};
use locklab::experiments::{EXPERIMENTS, Entry};
use locklab::native;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Values that are almost right, and some that are nothing of the kind.
fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        (0..200_u64).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(vec![json!(-0.0), json!(1e308), json!(4_294_967_296_u64), json!(0.999_999)]),
    ];
    let names: Vec<_> = settings()
        .flat_map(|setting| match setting.allowed {
            Allowed::Choice(names) => names,
            _ => vec!["20", "0x14", "1e2"],
        })
        .collect();
    let leaf = prop_oneof![
        3 => number,
        2 => select(names).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A configuration, most of whose fields are settings' names.
fn config() -> impl Strategy<Value = Value> {
    let known: Vec<_> = settings().map(|setting| setting.name.to_owned()).collect();
    let name = prop_oneof![
        12 => select(known),
        1 => any::<String>(),
        1 => select(vec!["__proto__", "threads ", "Threads", ""]).prop_map(str::to_owned),
    ];
    let object = prop::collection::vec((name, value()), 0..4)
        .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>()));
    prop_oneof![19 => object, 1 => value()]
}

fn settings() -> impl Iterator<Item = SettingInfo> {
    EXPERIMENTS.iter().flat_map(Entry::settings)
}

/// Every setting of the figure is there, and is what it may be.
fn is_sound(experiment: &Entry, given: &Value) -> Result<(), TestCaseError> {
    let raw = native::fields(given);
    let mut reader = ConfigReader::new(&raw);
    (experiment.read)(&mut reader);
    let Ok(values) = reader.finish(&|name| settings().any(|setting| setting.name == name)) else {
        return Ok(());
    };
    let values = json!(values);
    for setting in experiment.settings() {
        let value = &values[setting.name];
        match setting.allowed {
            Allowed::Integer(min, max) => {
                let value = value.as_u64().expect("a whole number");
                let range = u64::from(min)..=u64::from(max);
                prop_assert!(range.contains(&value), "{} is {value}", setting.name);
            }
            Allowed::Choice(names) => {
                prop_assert!(names.contains(&value.as_str().expect("a name")));
            }
            Allowed::Text { .. } => prop_assert!(value.is_string()),
        }
        match given.get(setting.name) {
            Some(Value::Number(number)) => {
                prop_assert_eq!(number.as_f64(), value.as_f64(), "{}", setting.name);
            }
            Some(given) => prop_assert_eq!(given, value, "{}", setting.name),
            None => prop_assert_eq!(&json!(setting.default), value),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_configuration_gets_past_the_ranges(given in config(), figure in 0..EXPERIMENTS.len()) {
        is_sound(&EXPERIMENTS[figure], &given)?;
    }
}

//! The short texts of claims and windows: what is read is read back the same from the text it is written as.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use aftermove::claim::{Horizon, Qualifier, StatedPercent};
use aftermove::window::Window;
use libfuzzer_sys::fuzz_target;

fn read_back<T>(text: &str) -> Option<T>
where
    T: FromStr<Err: Display> + Display + Debug + PartialEq,
{
    match text.parse::<T>() {
        Ok(value) => {
            assert_eq!(value.to_string().parse::<T>().ok().as_ref(), Some(&value));
            Some(value)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

fuzz_target!(|text: &str| {
    if let Some(stated) = read_back::<StatedPercent>(text) {
        let size = stated.percent().abs();
        assert!(size.is_finite(), "{stated:?}");
        assert!(stated.covered(Qualifier::None).contains(stated.percent()), "a figure outside what it covers: {stated:?}");
    }
    read_back::<Horizon>(text);
    if let Some(window) = read_back::<Window>(text) {
        assert!(window.contains(window.first()) && window.contains(window.last()));
        assert_eq!(i64::try_from(window.days()), Ok(i64::from(window.last()) - i64::from(window.first()) + 1));
    }
});

//! The real clock, and dates in the reader's words: `Intl` does the time zones, so that no table of
//! them is in the wasm.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Promise, Reflect};
use shared::time::{Clock, Timestamp};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The browser's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    fn now(&self) -> Timestamp {
        now()
    }
}

/// The present instant by this device.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp(Date::now() as u64)
}

/// Waits, in page and worker alike.
pub async fn sleep(millis: i32) {
    let promise = Promise::new(&mut |done: Function, _| {
        let global = js_sys::global();
        if let Ok(set) = Reflect::get(&global, &"setTimeout".into()) {
            let set: Function = set.into();
            let _ = set.call2(&JsValue::NULL, &done, &JsValue::from(millis));
        }
    });
    let _ = JsFuture::from(promise).await;
}

type Options = &'static [(&'static str, &'static str)];
/// Language, time zone as minutes from Greenwich, and what is to be written.
type Form = (String, i32, Options);

thread_local! {
    /// The form that was asked for last, for the rows of a table: making one takes longer than a row does.
    static LAST: RefCell<Option<(Form, Function)>> = const { RefCell::new(None) };
}

fn format(at: Timestamp, options: Options) -> String {
    let form = (language(), offset_minutes(), options);
    let same = |last: &mut (Form, Function)| last.0 == form;
    let (_, write) = LAST.take().take_if(same).unwrap_or_else(|| {
        let wanted = Object::new();
        for (name, value) in options {
            let _ = Reflect::set(&wanted, &(*name).into(), &(*value).into());
        }
        let locales = Array::of1(&JsValue::from(&form.0));
        (form.clone(), Intl::DateTimeFormat::new(&locales, &wanted).format())
    });
    let written = write.call1(&JsValue::NULL, &Date::new(&JsValue::from(at.0 as f64)));
    LAST.set(Some((form, write)));
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// English dates are written day first, as in the rest of the product's words.
fn language() -> String {
    let lang = super::page::document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .unwrap_or_default();
    if lang.is_empty() || lang == "en" { "en-GB".to_owned() } else { lang }
}

/// "Saturday 21 November 2026".
#[must_use]
pub fn day(at: Timestamp) -> String {
    format(at, &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")])
}

/// "Saturday 21 November 2026 at 14:02 GMT-8".
#[must_use]
pub fn day_and_time(at: Timestamp) -> String {
    format(
        at,
        &[
            ("weekday", "long"),
            ("day", "numeric"),
            ("month", "long"),
            ("year", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("timeZoneName", "short"),
        ],
    )
}

/// "14:02".
#[must_use]
pub fn time(at: Timestamp) -> String {
    format(at, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// "14:02" for today, "Fri 20 Nov" for this year, with the year before that.
#[must_use]
pub fn short(at: Timestamp) -> String {
    let present = Date::new(&JsValue::from(now().0 as f64));
    let then = Date::new(&JsValue::from(at.0 as f64));
    if present.get_full_year() != then.get_full_year() {
        return format(at, &[("day", "numeric"), ("month", "short"), ("year", "numeric")]);
    }
    if present.get_month() == then.get_month() && present.get_date() == then.get_date() {
        return time(at);
    }
    format(at, &[("weekday", "short"), ("day", "numeric"), ("month", "short")])
}

/// "Fri 20 Nov, 14:02".
#[must_use]
pub fn short_with_time(at: Timestamp) -> String {
    format(
        at,
        &[
            ("weekday", "short"),
            ("day", "numeric"),
            ("month", "short"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ],
    )
}

/// How many minutes east of Greenwich the reader's clock stands now.
#[must_use]
pub fn offset_minutes() -> i32 {
    -(Date::new_0().get_timezone_offset() as i32)
}

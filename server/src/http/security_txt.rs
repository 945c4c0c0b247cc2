//! Whom to tell of a weakness (RFC 9116), where the operator named somebody.

use axum::extract::State;
use axum::http::{HeaderName, header};
use shared::time::{DAY, Timestamp};

use crate::error::{ApiError, Reply};
use crate::state::AppState;

/// The file is good for half a year from the day on which it is read.
const GOOD_FOR: u64 = 180 * DAY;

/// Answers with the file; nothing is there when nobody is named.
///
/// # Errors
/// When `security-contact` is not set.
pub async fn serve(
    State(app): State<AppState>,
) -> Reply<([(HeaderName, &'static str); 1], String)> {
    let contact = app.config.security_contact.as_deref().ok_or(ApiError::not_found())?;
    let (year, month, day) = date(app.now().plus(GOOD_FOR));
    let origin = app.config.public_url.origin();
    let text = format!(
        "Contact: {contact}\nExpires: {year:04}-{month:02}-{day:02}T00:00:00Z\n\
         Canonical: {origin}/.well-known/security.txt\n"
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text))
}

/// Whether this is one address that the file may name.
#[must_use]
pub fn is_contact(text: &str) -> bool {
    let known = ["mailto:", "https://", "tel:"].iter().find_map(|kind| text.strip_prefix(kind));
    known.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()))
}

// Year, month and day in UTC, in eras of 400 years that begin in March.
fn date(at: Timestamp) -> (u64, u64, u64) {
    let days = at.0 / DAY + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let leaps = day_of_era / 1460 + day_of_era / 146_096 - day_of_era / 36_524;
    let year_of_era = (day_of_era - leaps) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_date() {
        for (days, expected) in [
            (0, (1970, 1, 1)),
            (58, (1970, 2, 28)),
            (59, (1970, 3, 1)),
            (789, (1972, 2, 29)),
            (10_957, (2000, 1, 1)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (20_778, (2026, 11, 21)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)),
        ] {
            assert_eq!(date(Timestamp(days * DAY + DAY - 1)), expected, "{days}");
        }
    }

    #[test]
    fn a_contact_is_one_address() {
        for good in ["mailto:security@example.com", "https://example.com/report", "tel:+1-201"] {
            assert!(is_contact(good), "{good}");
        }
        for bad in ["", "mailto:", "security@example.com", "http://example.com", "mailto:a b"] {
            assert!(!is_contact(bad), "{bad}");
        }
        assert!(!is_contact("mailto:a@b\nPolicy: https://evil.example"));
    }
}

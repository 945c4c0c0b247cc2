//! Whether one answer fits one kind of question: lengths, bounds, and what an e-mail address, a
//! telephone number or a day can plausibly be. Lenient where people differ (names, addresses,
//! numbers abroad), strict where a wrong answer would be acted upon.

use alloc::collections::BTreeSet;
use alloc::string::String;

use super::answers::{Address, Answer, FileRef, PersonName, Signature};
use super::check::{FILE_NAME, FILES, LINE, NAME_PART, TroubleKind};
use super::kind::{Choices, Group, Kind, When};
use super::value::{ApproxDate, Date};

pub(super) type Fits = Result<(), TroubleKind>;

fn ensure(good: bool, kind: TroubleKind) -> Fits {
    if good { Ok(()) } else { Err(kind) }
}

/// Whether an answer that says something fits.
pub(super) fn fits(kind: &Kind, answer: &Answer, today: Date) -> Fits {
    match (kind, answer) {
        (Kind::Short(max), Answer::Text(text)) => line(text, usize::from(*max)),
        (Kind::Long(max), Answer::Text(text)) => text_of(text, usize::from(*max), true),
        (Kind::Email, Answer::Text(text)) => {
            line(text, LINE).and(ensure(is_email(text.trim()), TroubleKind::Email))
        }
        (Kind::Phone, Answer::Text(text)) => {
            line(text, LINE).and(ensure(is_phone(text.trim()), TroubleKind::Phone))
        }
        (Kind::Number(number), Answer::Number(n)) => {
            within(*n, number.min, number.max, number.decimals)
        }
        // A thousand million million minor units are more than any claim, and add up safely.
        (Kind::Money(money), Answer::Money(n)) => {
            within(*n, Some(0), Some(1_000_000_000_000_000), money.digits)
        }
        (Kind::Date(when), Answer::Date(date)) => lies(*date, *when, today),
        (Kind::ApproxDate(when), Answer::ApproxDate(date)) => lies_about(*date, *when, today),
        (Kind::Choice(_), Answer::Choice(chosen)) => chosen_of(kind, core::slice::from_ref(chosen)),
        (Kind::Choices(choices), Answer::Choices(chosen)) => {
            chosen_of(kind, chosen).and_then(|()| counted(choices, chosen.len()))
        }
        (Kind::Name, Answer::Name(name)) => named(name),
        (Kind::Address, Answer::Address(address)) => located(address),
        (Kind::Upload(upload), Answer::Files(files)) => filed(upload.several, files),
        (Kind::Group(group), Answer::Items(items)) => repeated(group, items.len()),
        (Kind::Signature, Answer::Signature(signature)) => signs(signature, today),
        (Kind::YesNo, Answer::YesNo(_)) | (Kind::Consent, Answer::Consent(_)) => Ok(()),
        _ => Err(TroubleKind::WrongKind),
    }
}

fn line(text: &str, max: usize) -> Fits {
    text_of(text, max, false)
}

fn text_of(text: &str, max: usize, lines: bool) -> Fits {
    ensure(text.chars().count() <= max, TroubleKind::TooLong { max })?;
    let odd = |c: char| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'));
    ensure(!text.contains(odd), TroubleKind::BadCharacters)
}

fn within(n: i64, min: Option<i64>, max: Option<i64>, decimals: u8) -> Fits {
    match (min, max) {
        (Some(min), _) if n < min => Err(TroubleKind::TooSmall { min, decimals }),
        (_, Some(max)) if n > max => Err(TroubleKind::TooLarge { max, decimals }),
        _ => Ok(()),
    }
}

fn lies(date: Date, when: When, today: Date) -> Fits {
    ensure((1900..=2150).contains(&date.year()), TroubleKind::DateUnlikely)?;
    // A day of grace: the person may be in another zone than the clock believed.
    let ahead = date.days() - today.days();
    match when {
        When::Past => ensure(ahead <= 1, TroubleKind::DateFuture),
        When::Future => ensure(ahead >= -1, TroubleKind::DatePast),
        When::Any => Ok(()),
    }
}

fn lies_about(date: ApproxDate, when: When, today: Date) -> Fits {
    ensure((1800..=2150).contains(&date.year()), TroubleKind::DateUnlikely)?;
    match when {
        When::Past => ensure(date.earliest().days() - today.days() <= 1, TroubleKind::DateFuture),
        // This year, or this month, may still lie ahead.
        When::Future => {
            let same_year = date.year() == today.year();
            let ahead = match (date.month(), date.day()) {
                (None, _) => date.year() >= today.year(),
                (Some(month), None) => {
                    date.year() > today.year() || (same_year && month >= today.month())
                }
                (Some(_), Some(_)) => date.earliest().days() - today.days() >= -1,
            };
            ensure(ahead, TroubleKind::DatePast)
        }
        When::Any => Ok(()),
    }
}

fn chosen_of(kind: &Kind, chosen: &[String]) -> Fits {
    let options = match kind {
        Kind::Choice(options) | Kind::Choices(Choices { options, .. }) => options.as_slice(),
        _ => &[],
    };
    let mut ids = BTreeSet::new();
    ensure(chosen.iter().all(|id| ids.insert(id)), TroubleKind::ChosenTwice)?;
    ensure(chosen.iter().all(|id| options.iter().any(|o| o.id == *id)), TroubleKind::UnknownOption)
}

fn counted(choices: &Choices, count: usize) -> Fits {
    let min = choices.min.map_or(0, usize::from);
    ensure(count >= min, TroubleKind::TooFewChoices { min })?;
    let max = choices.max.map_or(choices.options.len(), usize::from);
    ensure(count <= max, TroubleKind::TooManyChoices { max })
}

fn named(name: &PersonName) -> Fits {
    name.parts().iter().try_for_each(|part| line(part, NAME_PART))?;
    ensure(!name.given.trim().is_empty() || !name.family.trim().is_empty(), TroubleKind::NamePart)
}

fn located(address: &Address) -> Fits {
    text_of(&address.street, LINE, true)?;
    address.parts().iter().skip(1).try_for_each(|part| line(part, LINE))?;
    ensure(!address.city.trim().is_empty(), TroubleKind::City)
}

fn filed(several: bool, files: &[FileRef]) -> Fits {
    ensure(several || files.len() <= 1, TroubleKind::OneFile)?;
    ensure(files.len() <= FILES, TroubleKind::TooManyFiles { max: FILES })?;
    let named = |f: &FileRef| !f.name.is_empty() && f.name.chars().count() <= FILE_NAME;
    ensure(files.iter().all(named), TroubleKind::FileName)
}

fn repeated(group: &Group, count: usize) -> Fits {
    let (min, max) = (usize::from(group.min), usize::from(group.max));
    ensure(count >= min, TroubleKind::TooFewItems { min })?;
    ensure(count <= max, TroubleKind::TooManyItems { max })
}

/// Whether a signature is a name, and of these days.
pub(super) fn signs(signature: &Signature, today: Date) -> Fits {
    line(&signature.name, LINE)?;
    ensure(signature.name.trim().chars().count() >= 2, TroubleKind::Signature)?;
    let apart = signature.date.days() - today.days();
    ensure((-2..=2).contains(&apart), TroubleKind::SignatureDate)
}

/// Whether it looks like an address that mail can reach; only mail itself can tell.
fn is_email(text: &str) -> bool {
    // Of several signs the last divides, so that another one is left over and found odd.
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || "@,;:<>\"()[]\\".contains(c);
    let dots = |s: &str| s.starts_with('.') || s.ends_with('.') || s.contains("..");
    let label = |l: &str| (1..=63).contains(&l.len()) && !l.starts_with('-') && !l.ends_with('-');
    (1..=64).contains(&local.len())
        && domain.len() <= 253
        && !local.contains(odd)
        && !domain.contains(odd)
        && !dots(local)
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// Whether it looks like a number that can be called, with an extension or without.
fn is_phone(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let (number, extension) = match lower.split_once(['x', '#', 'e']) {
        Some((number, rest)) => {
            (number, rest.trim_start_matches(|c: char| c.is_alphabetic() || ". ".contains(c)))
        }
        None => (lower.as_str(), "0"),
    };
    let known = |c: char| c.is_ascii_digit() || "+ -./()\u{a0}\u{2011}\u{2013}".contains(c);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plus_leads = !number.trim_start_matches(['(', ' ']).chars().skip(1).any(|c| c == '+');
    let short = (1..=8).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_digit());
    (5..=17).contains(&digits) && plus_leads && number.chars().all(known) && short
}

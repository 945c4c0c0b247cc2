//! Fills a form the way a person does: from the first question to the last, answering what is asked.

use shared::intake::answers::{Address, Answer, AnswersV1, FileRef, PersonName};
use shared::intake::form::{Field, FormV1};
use shared::intake::kind::Kind;
use shared::intake::logic::Shown;
use shared::intake::value::{ApproxDate, Date};

use super::script::Script;

/// Answers to every question of the form that the script has something for, and to every other
/// that must be answered.
#[must_use]
pub fn fill(form: &FormV1, script: &Script) -> AnswersV1 {
    let mut answers = AnswersV1::new();
    let fields: Vec<&Field> = form.sections.iter().flat_map(|section| &section.fields).collect();
    for field in fields {
        let shown = Shown::of(form, &answers);
        if !shown.field(&field.id) {
            continue;
        }
        let required = shown.required(&field.id);
        if let Some(answer) = answer(field, script, required) {
            answers.set(&field.id, answer);
        }
    }
    fill_items(form, script, &mut answers);
    answers
}

/// Lays documents beside the question they answer, as far as it is asked.
///
/// Gives back those that found no place.
pub fn attach(
    form: &FormV1,
    answers: &mut AnswersV1,
    papers: Vec<(&str, FileRef)>,
) -> Vec<FileRef> {
    let mut left = Vec::new();
    for (wanted, paper) in papers {
        let shown = Shown::of(form, answers);
        let place = [wanted, "other-papers"].into_iter().find(|id| shown.field(id));
        match (place, place.and_then(|id| answers.get(id))) {
            (Some(id), Some(Answer::Files(files))) => {
                let mut files = files.clone();
                files.push(paper);
                answers.set(id, Answer::Files(files));
            }
            (Some(id), _) => answers.set(id, Answer::Files(vec![paper])),
            (None, _) => left.push(paper),
        }
    }
    left
}

fn fill_items(form: &FormV1, script: &Script, answers: &mut AnswersV1) {
    for (_, field) in form.fields() {
        let Some((group, items)) = field.group().zip(script.items(&field.id)) else { continue };
        if !Shown::of(form, answers).field(&field.id) {
            continue;
        }
        let filled = items.iter().map(|item| {
            let mut filled = AnswersV1::new();
            for inner in &group.fields {
                let asked = Shown::of(form, answers).item(&group.fields, &filled).field(&inner.id);
                let said =
                    item.iter().find(|(id, _)| *id == inner.id).map(|(_, said)| said.as_str());
                if let Some(answer) = said.filter(|_| asked).and_then(|said| parse(inner, said)) {
                    filled.set(&inner.id, answer);
                }
            }
            filled
        });
        let filled: Vec<AnswersV1> = filled.collect();
        answers.set(&field.id, Answer::Items(filled));
    }
}

fn answer(field: &Field, script: &Script, required: bool) -> Option<Answer> {
    let said = script.says(&field.id).and_then(|said| parse(field, said));
    said.or_else(|| if required { fallback(field) } else { None })
}

/// What a person says to a question that must be answered and of which the script knows nothing.
fn fallback(field: &Field) -> Option<Answer> {
    let word = match &field.kind {
        Kind::Short(_) | Kind::Long(_) => "I will tell you when we talk.".to_owned(),
        Kind::YesNo => "no".to_owned(),
        Kind::Choice(options) => options.last()?.id.clone(),
        Kind::Choices(choices) => choices.options.last()?.id.clone(),
        Kind::Date(_) => "2026-09-16".to_owned(),
        Kind::ApproxDate(_) => "2026".to_owned(),
        Kind::Number(_) | Kind::Money(_) => "1".to_owned(),
        Kind::Consent => "yes".to_owned(),
        _ => return None,
    };
    parse(field, &word)
}

/// Turns a word of the script into the answer that the question's kind takes.
fn parse(field: &Field, said: &str) -> Option<Answer> {
    if said.is_empty() {
        return None;
    }
    let parts = || said.split('|').map(str::to_owned);
    Some(match &field.kind {
        Kind::Short(_) | Kind::Long(_) | Kind::Email | Kind::Phone => Answer::Text(said.to_owned()),
        Kind::Number(_) => Answer::Number(said.parse().ok()?),
        Kind::Money(_) => Answer::Money(said.parse().ok()?),
        Kind::Date(_) => Answer::Date(Date::parse(said)?),
        Kind::ApproxDate(_) => Answer::ApproxDate(approx(said)?),
        Kind::YesNo => Answer::YesNo(said == "yes"),
        Kind::Consent => Answer::Consent(said == "yes"),
        Kind::Choice(_) => Answer::Choice(said.to_owned()),
        Kind::Choices(_) => Answer::Choices(said.split(',').map(str::to_owned).collect()),
        Kind::Name => {
            let mut parts = parts();
            let given = parts.next()?;
            let family = parts.next().unwrap_or_default();
            Answer::Name(PersonName { given, family, ..PersonName::default() })
        }
        Kind::Address => {
            let [street, city, region, postal_code, country]: [String; 5] =
                parts().collect::<Vec<_>>().try_into().ok()?;
            Answer::Address(Address { street, city, region, postal_code, country })
        }
        Kind::Statement | Kind::Upload(_) | Kind::Group(_) | Kind::Signature => return None,
    })
}

fn approx(said: &str) -> Option<ApproxDate> {
    let mut parts = said.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next().map(str::parse).transpose().ok()?;
    let day = parts.next().map(str::parse).transpose().ok()?;
    ApproxDate::new(year, month, day)
}

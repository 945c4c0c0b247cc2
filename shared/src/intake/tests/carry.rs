//! A draft survives another version of its form: what still means the same is kept, the rest is
//! named.

use proptest::prelude::*;

use super::sample::*;
use crate::ids::ObjectId;
use crate::intake::answers::*;
use crate::intake::draft::{Attached, Change, Changed, DraftV1, carry};
use crate::intake::form::FormV1;
use crate::intake::kind::*;
use crate::intake::logic::Condition;
use crate::intake::templates;
use crate::intake::value::Language::{English, Spanish};
use crate::time::Timestamp;

fn filled() -> (FormV1, DraftV1) {
    let form = every_kind();
    let mut draft = draft(&form);
    draft.answers.set("short", Answer::Text("hello".into()));
    draft.answers.set("choice", Answer::Choice("a".into()));
    draft.answers.set("choices", Answer::Choices(vec!["a".into(), "b".into()]));
    draft.answers.set("money", Answer::Money(1250));
    let mut kid = AnswersV1::new();
    kid.set("kid", Answer::Name(PersonName { given: "Leo".into(), ..Default::default() }));
    kid.set("kid-born", Answer::Date(today()));
    draft.answers.set("kids", Answer::Items(vec![kid]));
    draft.answers.set("file", Answer::Files(vec![file(1)]));
    draft.documents.push(Attached {
        object: ObjectId([1; 16]),
        field: "file".into(),
        item: None,
        inner: None,
        name: "scan.pdf".into(),
        size: 9,
        filed: true,
    });
    draft.choose("must", true);
    draft.section = "two".into();
    let _ = draft.keep(&form, Timestamp(1));
    (form, draft)
}

fn after(change: impl Fn(&mut FormV1)) -> (DraftV1, Vec<Changed>) {
    let (mut form, draft) = filled();
    change(&mut form);
    assert_eq!(form.flaws(), []);
    carry(&draft, &form)
}

fn field_mut<'a>(form: &'a mut FormV1, id: &str) -> &'a mut crate::intake::form::Field {
    form.sections.iter_mut().flat_map(|s| &mut s.fields).find(|f| f.id == id).unwrap()
}

fn lost(change: impl Fn(&mut FormV1)) -> Vec<(String, Change)> {
    after(change).1.into_iter().map(|c| (c.label, c.what)).collect()
}

fn one(label: &str, what: Change) -> Vec<(String, Change)> {
    vec![(label.into(), what)]
}

#[test]
fn the_same_form_changes_nothing() {
    let (form, draft) = filled();
    let (next, changed) = carry(&draft, &form);
    assert!(next == draft && changed.is_empty());
}

#[test]
fn changes_that_leave_the_meaning_keep_every_answer() {
    let kept = |change: &dyn Fn(&mut FormV1)| {
        let (next, changed) = after(change);
        assert!(changed.is_empty(), "{changed:?}");
        assert!(next.answers == filled().1.answers);
        assert!(next.section == "two" && next.documents.len() == 1 && next.consents.len() == 1);
    };
    kept(&|f| f.salt = [1; 16]);
    kept(&|f| f.title.set(English, "Other"));
    kept(&|f| f.sections.swap(0, 1));
    kept(&|f| f.sections[0].fields.reverse());
    kept(&|f| field_mut(f, "short").help = Some(words("help")));
    kept(&|f| field_mut(f, "short").required = true);
    kept(&|f| field_mut(f, "short").kind = Kind::Short(3));
    kept(&|f| field_mut(f, "short").kind = Kind::Long(300));
    kept(&|f| field_mut(f, "file").shown = Some(Condition::YesNo("yes".into(), true)));
    kept(&|f| field_mut(f, "choice").kind = Kind::Choice(options(&["new", "a", "b"])));
    kept(&|f| field_mut(f, "choice").kind = Kind::Choice(options(&["a", "c"])));
    // The draft is written in English; a mended translation changes nothing for its writer.
    kept(&|f| field_mut(f, "short").label.set(Spanish, "otra"));
}

#[test]
fn what_no_longer_means_the_same_is_dropped_and_named() {
    use Change::{Gone, Notice, Reworded};
    assert_eq!(lost(|f| f.sections[0].fields.retain(|x| x.id != "short")), one("short", Gone));
    assert_eq!(lost(|f| field_mut(f, "short").id = "renamed".into()), one("short", Gone));
    assert_eq!(
        lost(|f| field_mut(f, "short").label.set(English, "New words")),
        one("short", Reworded)
    );
    assert_eq!(lost(|f| field_mut(f, "short").kind = Kind::Email), one("short", Reworded));
    assert_eq!(
        lost(|f| field_mut(f, "choice").kind = Kind::Choice(options(&["b", "c"]))),
        one("choice", Reworded)
    );
    let money =
        |digits, currency: &str| Kind::Money(Money { currency: Some(currency.into()), digits });
    assert_eq!(lost(|f| field_mut(f, "money").kind = money(0, "EUR")), one("money", Reworded));
    assert_eq!(lost(|f| field_mut(f, "money").kind = money(2, "USD")), one("money", Reworded));
    assert_eq!(lost(|f| field_mut(f, "kids").label.set(English, "Pets")), one("kids", Reworded));
    assert_eq!(lost(|f| f.notice.version = 2), one("Notice", Notice));
    let reworded_option = |f: &mut FormV1| {
        if let Kind::Choices(choices) = &mut field_mut(f, "choices").kind {
            choices.options[1].label.set(English, "Not b any more");
        }
    };
    assert_eq!(lost(reworded_option), one("choices", Reworded));
    assert!(lost(|f| f.sections.truncate(1)).len() == 4);
}

#[test]
fn inside_a_group_only_the_changed_question_is_lost() {
    let change = |f: &mut FormV1| {
        if let Kind::Group(group) = &mut field_mut(f, "kids").kind {
            group.fields[1].label.set(English, "Birthday");
            group.fields.push(field("kid-new", Kind::YesNo));
        }
    };
    let (next, changed) = after(change);
    assert_eq!(changed.len(), 1);
    assert!(changed[0] == Changed { label: "kid-born".into(), what: Change::Reworded });
    let items = next.answers.items("kids");
    assert!(
        items.len() == 1 && items[0].get("kid").is_some() && items[0].get("kid-born").is_none()
    );
}

#[test]
fn consents_place_and_documents_go_when_their_ground_goes() {
    let (next, _) = after(|f| f.consents[0].text.set(English, "Other words"));
    assert!(next.consents.is_empty());
    let (next, _) = after(|f| f.sections.truncate(1));
    assert!(next.section.is_empty() && next.documents.is_empty());
    // A document begun for a field that now takes text has no place either.
    let (next, _) = after(|f| field_mut(f, "file").kind = Kind::Short(9));
    assert!(next.documents.is_empty() && next.answers.get("file").is_none());
}

#[test]
fn a_carried_draft_belongs_to_the_new_form() {
    let (mut form, draft) = filled();
    form.salt = [1; 16];
    let (next, _) = carry(&draft, &form);
    assert!(next.form_hash == form.hash() && next.submission == draft.submission);
    let (again, changed) = carry(&next, &form);
    assert!(again == next && changed.is_empty());
}

proptest! {
    #[test]
    fn nothing_vanishes_unnamed(bytes in prop::collection::vec(any::<u8>(), 0..600), gone in prop::collection::btree_set(0..80_usize, 0..20), which in 0..2_usize) {
        let form = (templates::all()[which].build)();
        let mut draft = draft(&form);
        draft.answers = Feed::new(&bytes).answers(&form);
        let _ = draft.keep(&form, Timestamp(1));
        let mut new = form.clone();
        new.salt = [1; 16];
        let mut number = 0;
        let mut labels = Vec::new();
        for section in &mut new.sections {
            section.fields.retain(|field| {
                number += 1;
                let goes = gone.contains(&number);
                if goes {
                    labels.push((field.id.clone(), field.label.read(English).to_string()));
                }
                !goes
            });
        }
        let (next, changed) = carry(&draft, &new);
        for (id, answer) in draft.answers.iter() {
            match labels.iter().find(|(gone, _)| gone == id) {
                None => prop_assert!(next.answers.get(id) == Some(answer)),
                Some((_, label)) => {
                    prop_assert!(next.answers.get(id).is_none());
                    let named = changed.iter().any(|c| c.label == *label && c.what == Change::Gone);
                    prop_assert_eq!(named, !answer.is_empty());
                }
            }
        }
        // Even against a form that shares nothing, everything said is named.
        let (none, changed) = carry(&draft, &every_kind());
        prop_assert!(none.answers.is_empty());
        prop_assert!(draft.answers.iter().filter(|(_, a)| !a.is_empty()).count() == 0 || !changed.is_empty());
    }
}

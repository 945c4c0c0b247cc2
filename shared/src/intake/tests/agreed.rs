//! Consents and signature: nothing is sealed without them, and nothing that claims them falsely
//! passes for whole when it is opened.

use super::sample::*;
use crate::intake::answers::*;
use crate::intake::check::{TroubleKind, check_agreed};
use crate::intake::draft::DraftV1;
use crate::intake::form::FormV1;
use crate::intake::logic::Condition;
use crate::intake::plain::{ConsentChoice, SubmissionV1};
use crate::intake::value::Date;
use crate::time::Timestamp;

fn signed(name: &str) -> Signature {
    Signature { name: name.into(), date: today() }
}

fn ready(form: &FormV1) -> DraftV1 {
    let mut draft = draft(form);
    draft.choose("must", true);
    draft.answers.set("short", Answer::Text("hello".into()));
    draft
}

fn prepare(
    form: &FormV1,
    draft: &DraftV1,
    signature: Option<Signature>,
) -> Result<SubmissionV1, Vec<TroubleKind>> {
    SubmissionV1::prepare(form, draft, signature, today(), Timestamp(9))
        .map_err(|troubles| troubles.iter().map(|t| t.kind).collect())
}

#[test]
fn a_draft_that_meets_every_rule_becomes_a_submission_without_trouble() {
    let form = every_kind();
    let sent = prepare(&form, &ready(&form), Some(signed("Ana Gil"))).ok().unwrap();
    assert!(sent.check(&form).is_empty());
    // Each consent is named, the one not given too.
    let choices: Vec<_> = sent.consents.iter().map(|c| (c.id.as_str(), c.given)).collect();
    assert_eq!(choices, [("must", true), ("may", false)]);
}

#[test]
fn a_draft_is_refused_with_what_is_missing() {
    let form = every_kind();
    let refused = |draft: &DraftV1, signature| prepare(&form, draft, signature).err().unwrap();
    assert_eq!(refused(&ready(&form), None), [TroubleKind::Signature]);
    assert_eq!(refused(&ready(&form), Some(signed("  "))), [TroubleKind::Signature]);
    assert_eq!(refused(&ready(&form), Some(signed("A"))), [TroubleKind::Signature]);
    let mut late = signed("Ana Gil");
    late.date = Date::new(2026, 3, 12).unwrap();
    assert_eq!(refused(&ready(&form), Some(late)), [TroubleKind::SignatureDate]);
    let mut unwilling = ready(&form);
    unwilling.choose("must", false);
    assert_eq!(refused(&unwilling, Some(signed("Ana Gil"))), [TroubleKind::Consent]);
    let mut wrong = ready(&form);
    wrong.answers.set("email", Answer::Text("nobody".into()));
    assert_eq!(refused(&wrong, Some(signed("Ana Gil"))), [TroubleKind::Email]);

    let mut changed = form.clone();
    changed.title.set(crate::intake::value::Language::English, "Another");
    assert_eq!(
        prepare(&changed, &ready(&form), Some(signed("Ana Gil"))).err().unwrap(),
        [TroubleKind::FormDiffers]
    );
}

#[test]
fn a_submission_that_was_tampered_with_is_flagged_when_it_is_opened() {
    let form = every_kind();
    let good = prepare(&form, &ready(&form), Some(signed("Ana Gil"))).ok().unwrap();
    let flagged = |change: &dyn Fn(&mut SubmissionV1)| {
        let mut sent = good.clone();
        change(&mut sent);
        sent.check(&form).iter().map(|t| t.kind).collect::<Vec<_>>()
    };
    let one = |id: &str| ConsentChoice { id: id.into(), given: true };
    assert_eq!(flagged(&|s| s.form_hash.0[0] ^= 1), [TroubleKind::FormDiffers]);
    assert_eq!(flagged(&|s| s.notice_hash.0[31] ^= 1), [TroubleKind::NoticeDiffers]);
    assert_eq!(flagged(&|s| s.consents.clear()), [TroubleKind::Consent]);
    assert_eq!(flagged(&|s| s.consents[0].given = false), [TroubleKind::Consent]);
    assert_eq!(flagged(&|s| s.consents.push(one("extra"))), [TroubleKind::UnknownConsent]);
    assert_eq!(flagged(&|s| s.consents.push(one("must"))), [TroubleKind::UnknownConsent]);
    assert_eq!(flagged(&|s| s.signature = None), [TroubleKind::Signature]);
    assert_eq!(flagged(&|s| s.on = Date::new(2020, 1, 1).unwrap()), [TroubleKind::SignatureDate]);
    assert_eq!(
        flagged(&|s| s.answers.set("stranger", Answer::YesNo(true))),
        [TroubleKind::UnknownField]
    );
    assert_eq!(
        flagged(&|s| s.answers.set("say", Answer::Text("x".into()))),
        [TroubleKind::UnknownField]
    );
    assert_eq!(
        flagged(&|s| s.answers.set("choice", Answer::Choice("z".into()))),
        [TroubleKind::UnknownOption]
    );
    assert_eq!(flagged(&|s| s.answers.set("yes", Answer::Number(1))), [TroubleKind::WrongKind]);
}

#[test]
fn a_consent_is_asked_for_only_where_its_condition_holds() {
    let mut form = every_kind();
    form.consents[0].shown = Some(Condition::YesNo("yes".into(), true));
    assert!(form.flaws().is_empty());
    let sent = |answer: bool, given: bool| {
        let mut draft = ready(&form);
        draft.answers.set("yes", Answer::YesNo(answer));
        draft.choose("must", given);
        prepare(&form, &draft, Some(signed("Ana Gil")))
    };
    assert_eq!(sent(true, false).err().unwrap(), [TroubleKind::Consent]);
    assert!(sent(true, true).is_ok());
    // Where it is not asked for it is neither missed nor said to have been given.
    let without = sent(false, true).ok().unwrap();
    assert_eq!(without.consents.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["may"]);
    let mut claimed = without;
    claimed.consents.push(ConsentChoice { id: "must".into(), given: true });
    let kinds: Vec<_> = claimed.check(&form).iter().map(|t| t.kind).collect();
    assert_eq!(kinds, [TroubleKind::UnknownConsent]);
    // It looks back on questions of the form, and on nothing else.
    form.consents[0].shown = Some(Condition::YesNo("nowhere".into(), true));
    assert_eq!(form.flaws().len(), 1);
}

#[test]
fn a_signature_nobody_asked_for_is_trouble() {
    let mut form = every_kind();
    form.signing = None;
    let consents = [ConsentChoice { id: "must".into(), given: true }];
    assert!(check_agreed(&form, &AnswersV1::new(), &consents, None, today()).is_empty());
    let kinds: Vec<_> =
        check_agreed(&form, &AnswersV1::new(), &consents, Some(&signed("Ana Gil")), today())
            .iter()
            .map(|t| t.kind)
            .collect();
    assert_eq!(kinds, [TroubleKind::NotAsked]);
}

#[test]
fn the_notice_hash_covers_all_that_is_told_and_nothing_else() {
    use crate::intake::value::Language::English;
    let form = every_kind();
    let differs = |change: &dyn Fn(&mut FormV1)| {
        let mut other = form.clone();
        change(&mut other);
        other.notice_hash() != form.notice_hash()
    };
    assert!(differs(&|f| f.notice.version = 2));
    assert!(differs(&|f| f.notice.title.set(English, "x")));
    assert!(differs(&|f| f.notice.paragraphs[0].set(English, "x")));
    assert!(differs(&|f| f.consents[0].text.set(English, "x")));
    assert!(differs(&|f| f.consents[1].required = true));
    assert!(differs(&|f| f.retention.set(English, "x")));
    assert!(differs(&|f| f.signing = None));
    assert!(!differs(&|f| f.title.set(English, "x")));
    assert!(!differs(&|f| f.salt = [0; 16]));
    let mut salted = form.clone();
    salted.salt = [0; 16];
    assert!(salted.hash() != form.hash());
}

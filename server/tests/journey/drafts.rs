//! What a device keeps of what was typed: for which firm, for which form, and until when.

use shared::client::Portal;
use shared::client::intake::Intake;
use shared::client::store::DeviceStore as _;
use shared::ids::FormId;
use shared::intake::answers::Answer;
use shared::intake::draft::DraftV1;
use shared::intake::form::FormV1;
use shared::intake::value::{Language, Text};

use crate::harness::acts::{self, Firm, filled, link_parts};
use crate::harness::client::Device;
use crate::harness::{NOW, rt};

/// A draft of this visit with a story, kept.
async fn type_in(intake: &Intake<Device>, story: &str) {
    let mut draft = DraftV1::new(intake.form(), intake.submission(), Language::English, NOW);
    draft.answers.set("story", Answer::Text(story.into()));
    let bytes = draft.keep(intake.form(), NOW);
    intake.save_draft(&bytes).await.unwrap();
}

async fn story(intake: &Intake<Device>) -> Option<String> {
    let draft = DraftV1::from_bytes(&intake.draft().await.unwrap()?).unwrap();
    match draft.answers.get("story") {
        Some(Answer::Text(story)) => Some(story.clone()),
        _ => None,
    }
}

async fn open(device: &Portal<Device>, link: &str) -> Intake<Device> {
    let (invite, fragment) = link_parts(link);
    device.open_invite(invite, Some(&fragment)).await.unwrap()
}

/// A link of the firm's matter to a form of its own.
async fn link_to(firm: &Firm, title: &str) -> String {
    let form = FormId::random();
    let definition = FormV1 { title: Text::one(Language::English, title), ..acts::a_form() };
    firm.portal.publish_form(&firm.ring, form, &definition).await.unwrap();
    firm.portal.invite_client(&firm.ring, firm.matter, form, &acts::terms()).await.unwrap()
}

#[test]
fn what_was_written_for_one_firm_is_not_shown_to_another() {
    rt(async {
        let (ours, theirs) = (Firm::founded().await, Firm::founded().await);
        let device = Device::new(&ours.router, NOW);
        let here = open(&device, &ours.invite().await).await;
        type_in(&here, "For Clara alone.").await;
        here.submit(&filled(&here), &[]).await.unwrap();
        let store = device.host();
        let draft = store.keys("draft/").await.unwrap().remove(0);
        let sent = store.keys("sent/").await.unwrap().remove(0);

        // Another firm on the same address, whose server gives its matter and form the same names.
        store.connect_to(&theirs.router);
        store.drop_session();
        let link = theirs.invite().await;
        let there = open(&device, &link).await;
        type_in(&there, "For the other firm.").await;
        let mine = |key: &String| *key != draft;
        let other = store.keys("draft/").await.unwrap().into_iter().find(mine).unwrap();
        let (firm, _) = draft.strip_prefix("draft/").unwrap().split_once('/').unwrap();
        let (their_firm, rest) = other.strip_prefix("draft/").unwrap().split_once('/').unwrap();
        assert_ne!(firm, their_firm);
        let words = store.load(&draft).await.unwrap().unwrap();
        let receipt = store.load(&sent).await.unwrap().unwrap();
        store.remove(&other).await.unwrap();
        let matter = theirs.matter;
        for key in [format!("draft/{firm}/{rest}"), format!("draft/{rest}")] {
            store.save(&key, &words).await.unwrap();
        }
        for key in [format!("sent/{firm}/{matter}"), format!("sent/{matter}")] {
            store.save(&key, &receipt).await.unwrap();
        }
        let there = open(&device, &link).await;
        assert_eq!(story(&there).await, None);
        assert_eq!(there.earlier(), None);
        // Under the firm's own name both are found: nothing else keeps them apart.
        store.save(&format!("draft/{their_firm}/{rest}"), &words).await.unwrap();
        store.save(&format!("sent/{their_firm}/{matter}"), &receipt).await.unwrap();
        let there = open(&device, &link).await;
        assert_eq!(story(&there).await.as_deref(), Some("For Clara alone."));
        assert!(there.earlier().is_some());
    });
}

#[test]
fn handing_in_one_form_leaves_the_words_of_another() {
    rt(async {
        let firm = Firm::founded().await;
        let device = Device::new(&firm.router, NOW);
        let unsent = open(&device, &link_to(&firm, "Unsent").await).await;
        let early = open(&device, &link_to(&firm, "Early").await).await;
        let late = open(&device, &link_to(&firm, "Late").await).await;
        for (intake, words) in [(&unsent, "Not sent."), (&early, "Sent."), (&late, "Sent too.")] {
            type_in(intake, words).await;
        }
        early.submit(&filled(&early), &[]).await.unwrap();
        // Its page went away before it could forget: the next one does it.
        late.submit(&filled(&late), &[]).await.unwrap();
        late.forget_sent_drafts().await.unwrap();
        assert_eq!(device.host().keys("draft/").await.unwrap().len(), 2);
        assert_eq!(story(&unsent).await.as_deref(), Some("Not sent."));

        // What is left of a form that was sent hides nothing from a form that changed.
        let mut empty = DraftV1::new(late.form(), late.submission(), Language::English, NOW);
        late.save_draft(&empty.keep(late.form(), NOW.plus(1))).await.unwrap();
        let third = open(&device, &link_to(&firm, "Third").await).await;
        assert_eq!(story(&third).await.as_deref(), Some("Not sent."));
    });
}

#[test]
fn a_visit_on_a_shared_computer_takes_back_only_its_own() {
    rt(async {
        let firm = Firm::founded().await;
        let device = Device::new(&firm.router, NOW);
        let first = open(&device, &link_to(&firm, "First").await).await;
        type_in(&first, "Not sent.").await;
        first.submit(&filled(&first), &[]).await.unwrap();
        // The same form again, and another one.
        let link = firm.invite().await;
        let same = open(&device, &firm.invite().await).await;
        type_in(&same, "Of the same form.").await;
        let visit = open(&device, &link).await;
        visit.step_back().await.unwrap();
        assert_eq!(story(&first).await.as_deref(), Some("Not sent."));
        assert_eq!(story(&same).await.as_deref(), Some("Of the same form."));
        assert!(open(&device, &link).await.earlier().is_some());
        // Its own words go.
        type_in(&visit, "Mine.").await;
        visit.step_back().await.unwrap();
        assert_eq!(device.host().keys("draft/").await.unwrap().len(), 1);
        // Somebody who wants nothing left here is taken at their word.
        same.forget().await.unwrap();
        assert!(device.host().keys("draft/").await.unwrap().is_empty());
    });
}

//! What people do, in a word each, for tests that tell a whole journey.

#![allow(dead_code, reason = "each test file uses its part")]

use axum::Router;
use shared::call::Call;
use shared::client::enrol::Placing;
use shared::client::filing::Filing as _;
use shared::client::found::Founding;
use shared::client::intake::{FiledDocument, Intake};
use shared::client::invite::InviteTerms;
use shared::client::transport::{Body, Method, Request, Transport as _};
use shared::client::upload::FileFacts;
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::keys::Kid;
use shared::ids::{AccountId, EnrolmentId, FormId, MatterId, ObjectId};
use shared::intake::answers::Answer;
use shared::intake::draft::DraftV1;
use shared::intake::form::FormV1;
use shared::intake::form::{Field, Notice, Section};
use shared::intake::kind::Kind;
use shared::intake::plain::SubmissionV1;
use shared::intake::value::{Date, Language, Text};
use shared::journal::policy::SessionRules;
use shared::journal::statement::Verb;
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;

use super::client::Device;
use super::enter::{self, enrol};
use super::{NOW, TestApp};

/// The founder's.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// Every colleague's.
pub const COLLEAGUES: &str = "a fifth long passphrase";

/// A founded firm with one matter and one form.
pub struct Firm {
    pub server: TestApp,
    pub router: Router,
    pub portal: Portal<Device>,
    pub ring: Ring,
    pub words: Secret<String>,
    pub matter: MatterId,
    pub form: FormId,
}

/// What people of a firm call things: what nobody but them may read.
#[derive(Clone)]
pub struct Tale {
    pub firm: &'static str,
    pub founder: &'static str,
    pub client: &'static str,
    pub title: &'static str,
    pub story: &'static str,
}

impl Tale {
    /// The usual one.
    pub const USUAL: Self = Self {
        firm: "Marsh & Lindqvist",
        founder: "Clara Marsh",
        client: "Ines Okafor",
        title: "Lease of the bakery",
        story: "The landlord kept the deposit.",
    };
    /// Another one, every word of which is as long.
    pub const OTHER: Self = Self {
        firm: "Ortega & Reinholt",
        founder: "Vera Ortega",
        client: "Tomas Reyes",
        title: "Sale of the sawmill",
        story: "My brother sold all the timber",
    };

    /// All of its words.
    pub fn words(&self) -> [&'static str; 5] {
        [self.firm, self.founder, self.client, self.title, self.story]
    }
}

/// What the founder types.
pub async fn founding(portal: &Portal<Device>) -> Founding {
    telling_of(portal, &Tale::USUAL).await
}

async fn telling_of(portal: &Portal<Device>, tale: &Tale) -> Founding {
    let account = AccountId::random();
    Founding {
        firm_name: tale.firm.into(),
        display_name: tale.founder.into(),
        handle: "clara".into(),
        account,
        ways: enter::ways(portal, account, "clara", PASSPHRASE).await,
        setup_code: None,
    }
}

/// What a lawyer promises.
pub fn terms() -> InviteTerms {
    InviteTerms { days: 14, readers: vec!["Clara Marsh".into()] }
}

impl Firm {
    pub async fn founded() -> Self {
        Self::of(&Tale::USUAL).await
    }

    /// A firm with words of the test's own.
    pub async fn of(tale: &Tale) -> Self {
        Self::at(TestApp::new().await, tale).await
    }

    /// At a server with settings of the test's own.
    pub async fn at(server: TestApp, tale: &Tale) -> Self {
        let router = server.router.clone();
        let portal = Device::new(&router, NOW);
        let founding = telling_of(&portal, tale).await;
        let founded = portal.found(founding, |_| {}).await.unwrap();
        let ring = founded.ring;
        let form = FormId::random();
        portal.publish_form(&ring, form, &a_form()).await.unwrap();
        let description = DescriptionV1 {
            client: tale.client.into(),
            title: tale.title.into(),
            practice: "Property".into(),
            label: Label::Confidential,
        };
        let matter = portal.create_matter(&ring, &description).await.unwrap();
        let words = founded.recovery_words;
        Self { server, router, portal, ring, words, matter, form }
    }

    pub async fn invite(&self) -> String {
        self.portal.invite_client(&self.ring, self.matter, self.form, &terms()).await.unwrap()
    }

    /// Its people stay signed in for as long as any firm's may.
    pub async fn stay_long(&self) {
        let longest = SessionRules { idle_minutes: 60, absolute_hours: 24 };
        self.portal.set_sessions(&self.ring, longest).await.unwrap();
    }

    pub async fn read(&self, object: ObjectId) -> Result<Vec<u8>, ClientError> {
        read((&self.portal, &self.ring), self.matter, object).await
    }
}

/// Reads a document to its end.
pub async fn read(
    (portal, ring): (&Portal<Device>, &Ring),
    matter: MatterId,
    object: ObjectId,
) -> Result<Vec<u8>, ClientError> {
    portal.matter(ring, matter).await?;
    opened((portal, ring), matter, object).await
}

/// The whole document, piece by piece, of a matter as it was read last.
pub async fn opened(
    (portal, ring): (&Portal<Device>, &Ring),
    matter: MatterId,
    object: ObjectId,
) -> Result<Vec<u8>, ClientError> {
    let mut reader = portal.open_document(ring, matter, object, Verb::Opened).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = reader.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// What the honest server answers a device.
pub async fn ask<C: Call>(portal: &Portal<Device>, call: &C) -> C::Reply {
    let request = Request {
        method: Method::Post,
        path: C::ROUTE.into(),
        body: Body::Json(serde_json::to_vec(call).unwrap()),
        root: None,
        if_match: None,
        range: None,
    };
    let answer = portal.host().send(request).await.ok().unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

/// Somebody of the firm, with a device.
pub struct Colleague {
    pub portal: Portal<Device>,
    pub ring: Ring,
    pub kid: Kid,
}

/// Somebody whom the founder invited and admitted.
pub async fn colleague(
    firm: &Firm,
    post: impl Into<Placing>,
    name: &str,
    handle: &str,
) -> Colleague {
    let link = firm.portal.invite_staff(&firm.ring, post, 7).await.unwrap();
    let (enrolment, fragment): (EnrolmentId, String) = link_parts(&link);
    let portal = Device::new(&firm.router, NOW);
    let pass = Secret::new(COLLEAGUES.to_owned());
    enrol(&portal, enrolment, &fragment, (name, handle), &pass).await.unwrap();
    firm.portal.admit(&firm.ring, enrolment).await.unwrap();
    let ring = enter::enter(&portal, handle, &pass).await.unwrap();
    let people = portal.people(&ring).await.unwrap();
    let kid = people.iter().find(|one| one.handle.as_deref() == Some(handle)).unwrap().kid;
    Colleague { portal, ring, kid }
}

/// One question, and a notice.
pub fn a_form() -> FormV1 {
    let words = |text: &str| Text::one(Language::English, text);
    FormV1 {
        salt: shared::crypto::rng::random_id(),
        languages: vec![Language::English],
        title: words("First questions"),
        practice: words("Property"),
        intro: words("A few questions."),
        notice: Notice {
            version: 1,
            title: words("Before you begin"),
            paragraphs: vec![words("What you write is sealed.")],
        },
        purposes: Vec::new(),
        sections: vec![Section {
            id: "you".into(),
            title: words("You"),
            help: None,
            fields: vec![Field {
                id: "story".into(),
                kind: Kind::Long(2000),
                label: words("What happened?"),
                help: None,
                required: true,
                required_when: None,
                purpose: None,
                shown: None,
                sensitive: false,
                role: None,
            }],
            shown: None,
        }],
        consents: Vec::new(),
        retention: words("Seven years."),
        signing: None,
    }
}

/// The form filled in.
pub fn filled(intake: &Intake<Device>) -> SubmissionV1 {
    telling(intake, "The landlord kept the deposit.")
}

/// The form filled in with a story of the test's own.
pub fn telling(intake: &Intake<Device>, story: &str) -> SubmissionV1 {
    let form = intake.form();
    let mut draft = DraftV1::new(form, intake.submission(), Language::English, NOW);
    draft.answers.set("story", Answer::Text(story.into()));
    let on = Date::at(NOW, 0);
    SubmissionV1::prepare(form, &draft, None, on, NOW)
        .unwrap_or_else(|_| panic!("the form is filled"))
}

/// Bytes that repeat with no period of a chunk.
pub fn document(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at % 251) as u8 ^ (at / 65_536) as u8).collect()
}

/// What is known of a file before it is read.
pub fn facts(name: &str, bytes: &[u8]) -> FileFacts {
    FileFacts {
        name: name.into(),
        mime: "application/pdf".into(),
        size: bytes.len() as u64,
        modified: NOW.0,
    }
}

/// Seals, sends and files a whole document.
pub async fn hand_in(
    intake: &Intake<Device>,
    name: &str,
    bytes: &[u8],
) -> Result<FiledDocument, ClientError> {
    intake.hand_in(&facts(name, bytes), bytes).await
}

/// The id and the fragment of a link.
pub fn link_parts<Id: std::str::FromStr<Err = shared::ids::BadId>>(link: &str) -> (Id, String) {
    let (path, fragment) = link.split_once('#').unwrap();
    (path.rsplit('/').next().unwrap().parse().unwrap(), fragment.to_owned())
}

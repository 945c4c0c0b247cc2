//! The play itself: founds the firm, brings in its people, opens matters, and lets the clients
//! answer. Everything goes through the client core, as it would in browsers.

use shared::client::enrol::{Joining, Post};
use shared::client::filing::Filing as _;
use shared::client::found::Founding;
use shared::client::intake::Intake;
use shared::client::invite::InviteTerms;
use shared::client::transport::Transport;
use shared::client::upload::FileFacts;
use shared::client::{ClientError, Host, Portal, Ring};
use shared::ids::{AccountId, EnrolmentId, FormId, InviteId, MatterId, ObjectId};
use shared::intake::answers::{FileRef, Signature};
use shared::intake::draft::DraftV1;
use shared::intake::plain::SubmissionV1;
use shared::intake::templates;
use shared::intake::value::{Date, Language};
use shared::journal::statement::Decision;
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;

use super::answers::{attach, fill};
use super::authenticator::{Authenticator, sign_in_by_code, ways};
use super::cast::{CASES, CLIENTS, Case, FIRM, Practice, Stage};
use super::host::Device;
use super::papers::{Paper, papers};
use super::script::Script;

/// The passphrase of everybody in the demonstration.
pub const PASSPHRASE: &str = "violet harbour lantern forty";

/// Somebody who can sign in.
pub struct SignIn {
    /// What the person is.
    pub post: &'static str,
    /// The name.
    pub name: &'static str,
    /// The sign-in name.
    pub handle: &'static str,
    /// The twelve words that let a new browser in.
    pub words: Secret<String>,
}

/// A firm that was seeded.
pub struct Seeded {
    /// Everybody of the firm: founder, second lawyer, administrator.
    pub people: Vec<SignIn>,
    /// Links that are open: matter's title, path and fragment.
    pub open_links: Vec<(&'static str, String)>,
    /// The firm's fingerprint.
    pub fingerprint: String,
    /// The founder, still signed in, and the matters in the order of [`CASES`]: for tests.
    pub founder: Ring,
    /// See `founder`.
    pub matters: Vec<MatterId>,
    /// Documents that were handed in.
    pub documents: usize,
}

/// Why the play stopped, and where.
#[derive(Debug)]
pub struct Stopped {
    /// At what.
    pub at: String,
    /// Why.
    pub error: ClientError,
}

fn at(what: impl Into<String>) -> impl FnOnce(ClientError) -> Stopped {
    let at = what.into();
    move |error| Stopped { at, error }
}

/// Seeds an empty portal. `wire` makes a connection without a session; `say` is told what happens.
///
/// # Errors
/// With the first step that fails, as when the portal has a firm already.
pub async fn seed<T: Transport>(
    founder: &Portal<Device<T>>,
    setup_code: Option<String>,
    wire: impl Fn() -> T,
    mut say: impl FnMut(&str),
) -> Result<Seeded, Stopped> {
    let new_device = || Portal::new(Device::new(wire()));
    say("founding the firm");
    let account = AccountId::random();
    let (ways, _) = ways(founder, account).await.map_err(at("choosing how to sign in"))?;
    let founding = Founding {
        firm_name: FIRM.into(),
        display_name: "Margaret Hale".into(),
        handle: "margaret.hale".into(),
        account,
        ways,
        setup_code,
    };
    let founded = founder.found(founding, |_| ()).await.map_err(at("founding the firm"))?;
    let mut seeded = Seeded {
        people: vec![SignIn {
            post: "lawyer and founder",
            name: "Margaret Hale",
            handle: "margaret.hale",
            words: founded.recovery_words,
        }],
        open_links: Vec::new(),
        fingerprint: founded.fingerprint,
        founder: founded.ring,
        matters: Vec::new(),
        documents: 0,
    };
    say("bringing in a second lawyer and an administrator");
    let ring = seeded.founder.clone();
    let daniel = new_device();
    let mut lawyers = Vec::new();
    for (device, post, sign_in) in [
        (&daniel, Post::Lawyer, ("second lawyer", "Daniel Okafor", "daniel.okafor")),
        (&new_device(), Post::Administrator, ("administrator", "Ruth Lindqvist", "ruth.lindqvist")),
    ] {
        let (post_name, name, handle) = sign_in;
        let (words, app) = enrol(founder, &ring, device, post, (name, handle))
            .await
            .map_err(at("bringing in staff"))?;
        seeded.people.push(SignIn { post: post_name, name, handle, words });
        if post == Post::Lawyer {
            lawyers.push(sign_in_by_code(device, handle, &app).await.map_err(at("signing in"))?);
        }
    }
    let second = lawyers.remove(0);

    say("publishing two intake forms");
    let mut forms = Vec::new();
    for template in templates::all() {
        let form = FormId::random();
        let definition = (template.build)();
        founder.publish_form(&ring, form, &definition).await.map_err(at("publishing a form"))?;
        forms.push((template.key, form));
    }
    for (number, case) in CASES.iter().enumerate() {
        say(&format!("matter {} of {}: {}", number + 1, CASES.len(), case.title));
        // The second lawyer has every third matter.
        let (portal, ring, lawyer) = if number % 3 == 2 {
            (&daniel, &second, "Daniel Okafor")
        } else {
            (founder, &seeded.founder, "Margaret Hale")
        };
        let form = forms.iter().find(|(key, _)| *key == case.practice.template());
        let form = form.ok_or(ClientError::Missing).map_err(at("finding the form"))?.1;
        let stage = Scene { portal, ring, lawyer, form, case, number };
        let (matter, link) = stage.play(&new_device).await.map_err(at(case.title))?;
        seeded.matters.push(matter);
        seeded.documents += case.papers;
        seeded.open_links.extend(link.map(|link| (case.title, link)));
    }
    Ok(seeded)
}

/// Further matters of one lawyer, as a firm has them after some years: only their number counts, and who else
/// sits there, by sign-in name.
///
/// # Errors
/// With the first that cannot be opened.
pub async fn more_matters<H: Host>(
    portal: &Portal<H>,
    ring: &Ring,
    count: usize,
    with: Option<&str>,
) -> Result<(), ClientError> {
    let people = portal.people(ring).await?;
    let seated = |handle: &str| people.iter().find(|one| one.handle.as_deref() == Some(handle));
    let with = with.map(|handle| seated(handle).map(|one| one.kid).ok_or(ClientError::Missing));
    let with = with.transpose()?;
    for number in 1..=count {
        let client = &CLIENTS[number % CLIENTS.len()];
        let description = DescriptionV1 {
            client: format!("{} {}", client.given, client.family),
            title: format!("Earlier matter {number}"),
            practice: Practice::Family.name().into(),
            label: Label::Confidential,
        };
        let matter = portal.create_matter(ring, &description).await?;
        if let Some(colleague) = with {
            portal.give_access(ring, matter, colleague).await?;
        }
    }
    Ok(())
}

async fn enrol<H: Host>(
    founder: &Portal<H>,
    ring: &Ring,
    device: &Portal<H>,
    post: Post,
    (name, handle): (&str, &str),
) -> Result<(Secret<String>, Authenticator), ClientError> {
    let link = founder.invite_staff(ring, post, 7).await?;
    let (enrolment, fragment) = parts::<EnrolmentId>(&link)?;
    let account = AccountId::random();
    let (ways, app) = ways(device, account).await?;
    let joining = Joining { account, display_name: name.into(), handle: handle.into(), ways };
    let words = device.enrol(enrolment, fragment, &joining).await?;
    founder.admit(ring, enrolment).await?;
    Ok((words, app))
}

/// The id and the fragment of a link.
fn parts<I: core::str::FromStr>(link: &str) -> Result<(I, &str), ClientError> {
    let (path, fragment) = link.split_once('#').ok_or(ClientError::BadLink)?;
    let id = path.rsplit('/').next().and_then(|id| id.parse().ok()).ok_or(ClientError::BadLink)?;
    Ok((id, fragment))
}

/// One matter of the play.
struct Scene<'a, H: Host> {
    portal: &'a Portal<H>,
    ring: &'a Ring,
    lawyer: &'a str,
    form: FormId,
    case: &'a Case,
    number: usize,
}

impl<H: Host> Scene<'_, H> {
    /// Plays it; gives the matter, and the client's link when it is still open.
    async fn play(
        &self,
        new_device: impl Fn() -> Portal<H>,
    ) -> Result<(MatterId, Option<String>), ClientError> {
        let client = &CLIENTS[self.case.client];
        let label = match self.case.practice {
            Practice::Family => Label::Privileged,
            Practice::Injury => Label::Confidential,
        };
        let description = DescriptionV1 {
            client: format!("{} {}", client.given, client.family),
            title: self.case.title.into(),
            practice: self.case.practice.name().into(),
            label,
        };
        let matter = self.portal.create_matter(self.ring, &description).await?;
        if self.case.stage == Stage::Opened {
            return Ok((matter, None));
        }
        let terms = InviteTerms { days: 14, readers: vec![self.lawyer.into()] };
        let link = self.portal.invite_client(self.ring, matter, self.form, &terms).await?;
        if self.case.stage == Stage::Invited {
            return Ok((matter, Some(link)));
        }
        let papers = papers(self.case, self.number);
        hand_in(&new_device(), &link, self.case, papers).await?;
        self.decide(matter).await?;
        Ok((matter, None))
    }

    async fn decide(&self, matter: MatterId) -> Result<(), ClientError> {
        let decision = match self.case.stage {
            Stage::Accepted => Decision::Accepted,
            Stage::Declined => Decision::Declined,
            Stage::AskedBack => Decision::AskedBack,
            Stage::Opened | Stage::Invited | Stage::Waiting => return Ok(()),
        };
        let view = self.portal.matter(self.ring, matter).await?;
        let submission = view.submissions.first().ok_or(ClientError::Missing)?.submission;
        self.portal.decide(self.ring, matter, submission, decision).await
    }
}

/// A client opens the link, answers the form and hands in the documents.
///
/// # Errors
/// When the answers do not fit the form, or a step of the core fails.
pub async fn hand_in<H: Host>(
    device: &Portal<H>,
    link: &str,
    case: &Case,
    papers: Vec<Paper>,
) -> Result<(), ClientError> {
    let (invite, fragment) = parts::<InviteId>(link)?;
    let intake = device.open_invite(invite, Some(fragment)).await?;
    let client = &CLIENTS[case.client];
    let form = intake.form().clone();
    let mut answers = fill(&form, &Script::of(case, client));
    let mut objects = Vec::new();
    let mut filed = Vec::new();
    for paper in papers {
        let file = upload(&intake, &paper).await?;
        objects.push(file.object);
        filed.push((paper.field, file));
    }
    if !attach(&form, &mut answers, filed).is_empty() {
        return Err(ClientError::Unfit);
    }
    let now = device.host().now();
    let today = Date::at(now, 0);
    let mut draft = DraftV1::new(&form, intake.submission(), Language::English, now);
    draft.answers = answers;
    for consent in &form.consents {
        draft.choose(&consent.id, consent.required);
    }
    let name = format!("{} {}", client.given, client.family);
    let signature = Some(Signature { name, date: today });
    let filled = SubmissionV1::prepare(&form, &draft, signature, today, now)
        .map_err(|_| ClientError::Unfit)?;
    intake.submit(&filled, &objects).await?;
    Ok(())
}

async fn upload<H: Host>(intake: &Intake<H>, paper: &Paper) -> Result<FileRef, ClientError> {
    let size = paper.bytes.len() as u64;
    let facts = FileFacts {
        name: paper.name.into(),
        mime: paper.mime.into(),
        size,
        modified: 1_795_000_000_000,
    };
    let filed = intake.hand_in(&facts, &paper.bytes).await?;
    let object: ObjectId = filed.object;
    Ok(FileRef { object, name: filed.name, size: filed.size })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::intake::form::FormV1;
    use shared::time::Timestamp;

    fn template(case: &Case) -> FormV1 {
        let templates = templates::all();
        let found = templates.iter().find(|one| one.key == case.practice.template());
        (found.expect("every practice has a template").build)()
    }

    #[test]
    fn every_client_answers_the_form_as_its_rules_want() {
        let now = Timestamp(1_795_248_550_000);
        for (number, case) in CASES.iter().enumerate().filter(|(_, case)| case.papers > 0) {
            let form = template(case);
            let client = &CLIENTS[case.client];
            let mut answers = fill(&form, &Script::of(case, client));
            let papers = papers(case, number);
            assert_eq!(papers.len(), case.papers);
            let files = papers.iter().enumerate().map(|(at, paper)| {
                let object = ObjectId([u8::try_from(at).unwrap_or(0); 16]);
                let size = paper.bytes.len() as u64;
                (paper.field, FileRef { object, name: paper.name.into(), size })
            });
            let left = attach(&form, &mut answers, files.collect());
            assert!(left.is_empty(), "{}", case.title);
            assert!(answers.len() > 25, "{}: {}", case.title, answers.len());
            let submission = shared::ids::SubmissionId([1; 16]);
            let mut draft = DraftV1::new(&form, submission, Language::English, now);
            draft.answers = answers;
            form.consents.iter().for_each(|consent| draft.choose(&consent.id, consent.required));
            let today = Date::at(now, 0);
            let name = format!("{} {}", client.given, client.family);
            let signature = Some(Signature { name, date: today });
            let ready = SubmissionV1::prepare(&form, &draft, signature, today, now);
            let troubles = ready
                .err()
                .map(|all| all.iter().map(|one| (one.path.anchor(), one.kind)).collect::<Vec<_>>());
            assert_eq!(troubles, None, "{}", case.title);
        }
    }

    #[test]
    fn the_cast_has_the_promised_numbers() {
        assert_eq!((CLIENTS.len(), CASES.len()), (12, 20));
        assert_eq!(CASES.iter().map(|case| case.papers).sum::<usize>(), 60);
        for stage in [
            Stage::Opened,
            Stage::Invited,
            Stage::Waiting,
            Stage::Accepted,
            Stage::Declined,
            Stage::AskedBack,
        ] {
            assert!(CASES.iter().any(|case| case.stage == stage), "{stage:?}");
        }
        for (at, client) in CLIENTS.iter().enumerate() {
            assert!(CASES.iter().any(|case| case.client == at), "{}", client.family);
        }
    }
}

//! People of the firm: who belongs to it, who waits, and inviting a colleague.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::enrol::{Post, Standing, WaitingPerson};
use shared::client::people::Person;
use shared::client::posts::Answers;
use shared::crypto::keys::{Caps, Role};
use shared::ids::{AccountId, EnrolmentId};
use shared::journal::posts::Duty;

use super::duties::duties;
use super::invite_staff::Invite;
use super::leaving::{actions, ended, new_keys};
use super::let_in::{again_in, outside};
use super::posts::{called, change, placed};
use super::recovery::RecoveryNews;
use super::reviews::AccessReviews;
use super::ring::ring;
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::portal::portal;
use crate::routes::Page;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::fingerprint::Fingerprint;
use crate::ui::link::PageLink;
use crate::ui::notice::{Notice, Tone};

pub(super) struct Staff {
    people: Vec<Person>,
    waiting: Vec<WaitingPerson>,
    may_admit: bool,
    may_share: bool,
    may_govern: bool,
    officer: bool,
    duties: Vec<(Duty, Answers)>,
    me_outside: bool,
}

async fn read() -> Result<Staff, ClientError> {
    let ring = ring()?;
    let people = portal().people(&ring).await?;
    let account = ring.account()?;
    let may = |caps| people.iter().any(|one| one.account == account && one.caps.contains(caps));
    let (may_admit, may_share) = (may(Caps::ADMIT), may(Caps::GRANT));
    let may_govern = may_admit || may(Caps::KEYS);
    let duties = portal().duties(&ring)?;
    let waiting = if may_admit { portal().waiting(&ring).await? } else { Vec::new() };
    let officer =
        people.iter().any(|one| one.account == account && one.placing.post == Post::Officer);
    let me_outside = people.iter().any(|one| one.account == account && one.outside);
    Ok(Staff { people, waiting, may_admit, may_share, may_govern, officer, duties, me_outside })
}

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let staff = Loaded::begin(read);
    let inviting = RwSignal::new(false);
    let officer = move || staff.ready().is_some_and(|staff| staff.officer);
    let may_invite = move || staff.ready().is_some_and(|staff| staff.may_admit);
    view! {
        <div class="page">
            <header class="page-head">
                <Heading text="People"/>
                <Show when=may_invite>
                    <Button kind=Kind::Primary icon="plus" on_press=move |()| inviting.set(true)>
                        "Invite a colleague"
                    </Button>
                </Show>
            </header>
            {staff.draw("Reading the firm’s directory", move |found| view! {
                <div class="stack stack-12">
                    {(!found.waiting.is_empty()).then(|| waiting(&found, staff))}
                    <RecoveryNews/>
                    {found.me_outside.then(|| view! {
                        <Notice tone=Tone::Warn>
                            "The firm’s names and forms are still closed to you. Ask a lawyer of the \
                             firm to let you in, on this page of theirs; read the fingerprint of your \
                             keys to them."
                        </Notice>
                    })}
                    {(found.may_share && !found.me_outside).then(|| outside(&found.people, staff))}
                    {new_keys()}
                    <section class="stack stack-2">
                        <h2>"Who belongs to the firm"</h2>
                        {list(&found, staff)}
                    </section>
                    {ended(&found.people, found.may_govern, staff)}
                    {found.may_govern.then(|| view! { <AccessReviews/> })}
                    {duties(&found.people, &found.duties, found.may_govern, staff)}
                    <section class="stack stack-2">
                        <h2>"If somebody loses everything"</h2>
                        <p class="muted">
                            "Officers of the firm bring back what was lost, several of them together."
                        </p>
                        <p><PageLink to=Page::Recovery>"Recovery"</PageLink></p>
                    </section>
                    <FirmFingerprint/>
                </div>
            }.into_any())}
            <Dialog id="invite" title="Invite a colleague" open=inviting>
                {move || view! { <Invite officer=officer()/> }}
            </Dialog>
        </div>
    }
    .into_any()
}

fn list(found: &Staff, staff: Loaded<Staff>) -> AnyView {
    let me = ring().and_then(|ring| ring.account()).ok();
    let row = |one: &Person| {
        let inside = one.role == Role::Staff && !one.outside && Some(one.account) != me;
        let again = (inside && found.may_share && !found.me_outside).then_some(staff);
        let governed = (found.may_govern && Some(one.account) != me).then_some(staff);
        person(one, again, governed.map(|staff| (staff, found.officer)))
    };
    let people = found.people.iter().filter(|one| one.end.is_none());
    view! { <ul class="items people">{people.map(row).collect_view()}</ul> }.into_any()
}

/// One of them; with `again` for a lawyer whom the reader can let in once more, and `governed` for one whose
/// time with the firm the reader can end.
fn person(
    person: &Person,
    again: Option<Loaded<Staff>>,
    governed: Option<(Loaded<Staff>, bool)>,
) -> impl IntoView + use<> {
    let handle = person.handle.clone().unwrap_or_default();
    let may = what_may(person.caps);
    let may = if may.is_empty() { String::new() } else { format!("May {may}.") };
    let (name, detail) = match &person.name {
        Some(name) => (name.clone(), format!("Sign-in name {handle}. {may}")),
        None => (handle, may),
    };
    let detail = match person.unreadable {
        true => [&detail, " The record of their name does not open."].concat(),
        false => detail,
    };
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name serif block">{name}</span>
                <span class="detail block">{detail}</span>
                <details class="more small">
                    <summary>"Fingerprint of their keys"</summary>
                    <p class="muted">"Compare it with what their own page shows under People."</p>
                    <Fingerprint digits=person.fingerprint.clone()/>
                </details>
                {again.map(|staff| again_in(person, staff))}
                {governed.map(|(staff, officer)| view! {
                    <span class="row">
                        {change(person, officer, staff)}
                        {actions(person, staff)}
                    </span>
                })}
            </span>
            <span class="tag">{placed(person)}</span>
        </li>
    }
}

fn what_may(caps: Caps) -> String {
    let all = [
        (Caps::MATTERS, "open matters"),
        (Caps::GRANT, "share matters"),
        (Caps::INVITE, "invite clients"),
        (Caps::FORMS, "publish forms"),
        (Caps::ADMIT, "admit colleagues"),
        (Caps::KEYS, "approve keys"),
        (Caps::RETENTION, "look after retention"),
    ];
    let said: Vec<&str> =
        all.iter().filter(|(cap, _)| caps.contains(*cap)).map(|(_, text)| *text).collect();
    said.join(", ")
}

/// What every page of the firm shows, for comparing.
#[component]
fn FirmFingerprint() -> impl IntoView {
    ring().and_then(|ring| ring.fingerprint()).ok().map(|digits| {
        view! {
            <section class="stack stack-2">
                <h2>"The firm’s fingerprint"</h2>
                <p class="muted">
                    "Colleagues and clients see the same twelve groups. If they differ, somebody \
                     stands between you: stop, and call."
                </p>
                <Fingerprint digits/>
            </section>
        }
    })
}

fn waiting(found: &Staff, staff: Loaded<Staff>) -> AnyView {
    let inviter = |account: AccountId| {
        let person = found.people.iter().find(|one| one.account == account);
        let name = person.and_then(|one| one.name.clone().or_else(|| one.handle.clone()));
        name.unwrap_or_else(|| "a colleague".to_owned())
    };
    let row = |person: &WaitingPerson| {
        let enrolment = person.enrolment;
        let name = person.name.clone().unwrap_or_else(|| person.handle.clone());
        let detail = [person.handle.as_str(), ", ", called(person.post)].concat();
        view! {
            <li class="item">
                <span class="what">
                    <span class="name">{name}</span>
                    <span class="detail block">{detail}</span>
                </span>
                {match person.standing {
                    Standing::Genuine => view! { <Admit enrolment staff/> }.into_any(),
                    Standing::Forged => view! {
                        <span class="tag stop">"Does not verify: not the person you invited"</span>
                    }
                    .into_any(),
                    Standing::Late => view! {
                        <span class="tag stop">"The link’s time is over: invite them again"</span>
                    }
                    .into_any(),
                    Standing::InvitedBy(account) => view! {
                        <span class="tag">{format!("Only {} can admit them", inviter(account))}</span>
                    }
                    .into_any(),
                }}
            </li>
        }
    };
    view! {
        <section class="stack stack-2">
            <h2>"Waiting to be admitted"</h2>
            <p class="muted">
                "Admitting signs a person’s keys into the firm’s directory under your name. Whoever made \
                 the link can tell that it is the person they invited; nobody else can."
            </p>
            <ul class="items">{found.waiting.iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Admit(enrolment: EnrolmentId, staff: Loaded<Staff>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let admit = act(busy, failed, move || async move {
        portal().admit(&*ring()?, enrolment).await?;
        staff.again();
        Ok(())
    });
    view! {
        <Button small=true kind=Kind::Primary icon="check" disabled=busy on_press=admit>
            {move || if busy.get() { "Admitting" } else { "Admit" }}
        </Button>
        <ActFailed failed/>
    }
    .into_any()
}

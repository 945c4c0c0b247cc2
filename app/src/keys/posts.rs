//! What people are at the firm: the words for it, choosing it, and giving somebody another post.

use leptos::prelude::*;
use shared::client::before::Before;
use shared::client::enrol::{Placing, Post};
use shared::client::people::Person;
use shared::client::{ClientError, matters::MatterSummary};
use shared::crypto::keys::{Kid, Role};
use shared::ids::MatterId;
use shared::time::last_moment_of;

use super::let_in::shown_name;
use super::people_page::Staff;
use super::ring::ring;
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::watch::Turning;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, RadioGroup, Select};
use crate::ui::date_field::{DateField, DateWords, Parts};
use crate::ui::dialog::Dialog;
use crate::ui::notice::{Notice, Tone};

/// What a post is called.
#[must_use]
pub const fn called(post: Post) -> &'static str {
    match post {
        Post::Officer => "Officer",
        Post::Administrator => "Administrator",
        Post::Lawyer => "Lawyer",
        Post::Paralegal => "Paralegal",
        Post::Reception => "Reception",
        Post::Compliance => "Compliance",
        Post::Auditor => "Auditor",
        Post::Contractor => "Contractor",
        Post::ThirdParty => "Third party",
    }
}

const fn does(post: Post) -> &'static str {
    match post {
        Post::Officer => "Answers for the firm: may do everything",
        Post::Administrator => "Looks after people and keys; can open no matter at all",
        Post::Lawyer => "Opens matters, invites clients, publishes forms",
        Post::Paralegal => "Works at the matters they are let into, and invites clients",
        Post::Reception => "Sees who belongs to the firm; can open no matter at all",
        Post::Compliance => "Looks after policy and retention; can open no matter at all",
        Post::Auditor => "Reads the journal; can open no matter at all",
        Post::Contractor => "Works at the matters they are let into, until a day that you set",
        Post::ThirdParty => "Reads one matter, and nothing else of the firm",
    }
}

/// "Contractor, until 3 March 2027".
#[must_use]
pub fn placed(person: &Person) -> String {
    let Placing { post, until, .. } = person.placing;
    let word = called(post);
    match until {
        Some(last) if person.over => format!("{word}, their time ended {}", clock::short(last)),
        Some(last) => format!("{word}, until {}", clock::short(last)),
        None => word.to_owned(),
    }
}

/// What is being chosen. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Chosen {
    post: RwSignal<String>,
    day: RwSignal<Parts>,
    matter: RwSignal<String>,
}

impl Chosen {
    /// Begins with this post.
    #[must_use]
    pub fn new(post: Post) -> Self {
        Self {
            post: RwSignal::new((post as u8).to_string()),
            day: RwSignal::new(Parts::default()),
            matter: RwSignal::new(String::new()),
        }
    }

    fn post(self) -> Option<Post> {
        Post::from_u8(self.post.get().parse().ok()?)
    }

    /// The post with its bounds, where they are whole. Reads the signals.
    #[must_use]
    pub fn placing(self) -> Option<Placing> {
        let post = self.post()?;
        let until = match post {
            Post::Contractor => Some(last_day(&self.day.get())?),
            _ => None,
        };
        let matter = match post {
            Post::ThirdParty => Some(self.matter.get().parse::<MatterId>().ok()?),
            _ => None,
        };
        Some(Placing { post, until, matter })
    }
}

fn last_day(parts: &Parts) -> Option<shared::time::Timestamp> {
    let [day, month, year] = parts.each_ref().map(|part| part.trim().parse::<u32>().ok());
    let last = last_moment_of([day?, month?, year?], clock::offset_minutes())?;
    (clock::now() < last).then_some(last)
}

/// Choosing a post, with a day or a matter where it has one.
#[component]
pub fn ChoosePost(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    posts: Vec<Post>,
    chosen: Chosen,
) -> impl IntoView {
    let choices = posts
        .into_iter()
        .map(|post| Choice {
            value: (post as u8).to_string(),
            label: called(post).to_owned(),
            hint: does(post).to_owned(),
        })
        .collect::<Vec<_>>();
    let words = DateWords { day: "Day", month: "Month", year: "Year" };
    let (day_id, matter_id) = ([id.as_str(), "-until"].concat(), [id.as_str(), "-matter"].concat());
    let post = Memo::new(move |_| chosen.post());
    view! {
        <RadioGroup
            id
            label
            choices
            value=chosen.post
            on_choose=move |value| chosen.post.set(value)
        />
        {move || match post.get() {
            Some(Post::Contractor) => view! {
                <DateField
                    id=day_id.clone()
                    label="Their last day"
                    hint="After it they cannot sign in, and their matters get new keys."
                    words
                    value=chosen.day
                    on_change=move |parts| chosen.day.set(parts)
                />
            }
            .into_any(),
            Some(Post::ThirdParty) => {
                view! { <OneMatter id=matter_id.clone() value=chosen.matter/> }.into_any()
            }
            _ => ().into_any(),
        }}
    }
    .into_any()
}

#[component]
fn OneMatter(id: String, value: RwSignal<String>) -> impl IntoView {
    let matters = Loaded::begin(|| async { portal().matters(&*ring()?).await });
    matters.draw("Reading your matters", move |found| {
        let choice = |one: &MatterSummary| Choice {
            value: one.matter.to_string(),
            label: match &one.description {
                Ok(said) => format!("{}: {}", said.client, said.title),
                Err(_) => "A matter that does not open".to_owned(),
            },
            hint: String::new(),
        };
        let choices: Vec<Choice> = found.iter().map(choice).collect();
        if choices.is_empty() {
            return view! {
                <Notice tone=Tone::Warn>
                    "You sit at no matter. Ask somebody who sits at the one it is about to do this."
                </Notice>
            }
            .into_any();
        }
        view! {
            <Select
                id=id.clone()
                label="The matter"
                blank="Choose a matter"
                choices
                value
                on_choose=move |chosen| value.set(chosen)
            />
        }
        .into_any()
    })
}

/// The posts that keys of this role can hold; that of an officer is for officers to give.
#[must_use]
pub fn posts_of(role: Role, officer: bool) -> Vec<Post> {
    let fits = |post: &Post| post.role() == role && (officer || *post != Post::Officer);
    Post::ALL.into_iter().filter(fits).collect()
}

/// The button and its dialog, for somebody whose post the reader may change.
pub(super) fn change(person: &Person, officer: bool, staff: Loaded<Staff>) -> AnyView {
    if person.placing.post == Post::Officer && !officer {
        return ().into_any();
    }
    let open = RwSignal::new(false);
    let (kid, role, post) = (person.kid, person.role, person.placing.post);
    let name = shown_name(person);
    view! {
        <Button small=true kind=Kind::Quiet on_press=move |()| open.set(true)>"Change role"</Button>
        <Dialog id=format!("post-{kid}") title=format!("Change the role of {name}") open>
            <ChangePost kid name=name.clone() role post officer staff/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn ChangePost(
    kid: Kid,
    name: String,
    role: Role,
    post: Post,
    officer: bool,
    staff: Loaded<Staff>,
) -> impl IntoView {
    let before =
        Loaded::begin(move || async move { portal().before_leaving(&*ring()?, kid).await });
    let chosen = Chosen::new(post);
    let said = name.clone();
    view! {
        <div class="stack stack-6">
            <ChoosePost
                id=format!("role-{kid}")
                label=format!("What will {name} do?")
                posts=posts_of(role, officer)
                chosen
            />
            {before.draw("Counting what hangs on them", move |found| {
                consequences(&said, &found, chosen)
            })}
            <Say kid chosen staff/>
        </div>
    }
    .into_any()
}

/// What the change does, counted.
fn consequences(name: &str, before: &Before, chosen: Chosen) -> AnyView {
    let matters = before.matters();
    let (name, last) = (name.to_owned(), before.last_to_admit);
    let line = move || {
        let sits = match matters {
            0 => format!("{name} sits at no matter."),
            1 => format!("{name} sits at 1 matter."),
            many => format!("{name} sits at {many} matters."),
        };
        let then = match chosen.placing().map(|placing| placing.post) {
            Some(Post::ThirdParty) => {
                " All but the one you choose are closed to them and get new keys."
            }
            Some(Post::Contractor) => " They stay there until their last day.",
            _ => " They stay there. What they may do there follows the new role.",
        };
        [&sits, then, " What they signed until now stands."].concat()
    };
    view! {
        <Notice>{line}</Notice>
        {last.then(|| view! {
            <Notice tone=Tone::Warn>
                "Nobody else can admit people. They can only be given a role that admits, too."
            </Notice>
        })}
    }
    .into_any()
}

#[component]
fn Say(kid: Kid, chosen: Chosen, staff: Loaded<Staff>) -> impl IntoView {
    let turning = Turning::here();
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let say = act(busy, failed, move || async move {
        let placing = chosen.placing().ok_or(ClientError::Unfit)?;
        portal().change_post(&*ring()?, kid, placing).await?;
        turning.begin();
        staff.again();
        Ok(())
    });
    let wrong = Signal::derive(move || busy.get() || chosen.placing().is_none());
    view! {
        <div class="actions">
            <Button kind=Kind::Primary disabled=wrong on_press=say>
                {move || if busy.get() { "Changing the role" } else { "Change the role" }}
            </Button>
        </div>
        <ActFailed failed/>
    }
    .into_any()
}

//! Something that is being fetched and opened: waiting and trouble are always drawn.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::{ClientError, Fork};

use super::gate::Gate;
use crate::journal::fork_found::ForkFound;
use crate::keys::ring::ring;
use crate::net::trouble::for_staff;
use crate::ui::button::{Button, Kind};
use crate::ui::evidence::SaveEvidence;
use crate::ui::trouble::TroublePanel;
use crate::ui::waiting::Skeleton;

/// How it stands.
pub enum Load<T> {
    /// Not here yet.
    Waiting,
    /// Here.
    Ready(Arc<T>),
    /// It could not be had.
    Failed(ClientError),
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Ready(value) => Self::Ready(Arc::clone(value)),
            Self::Failed(error) => Self::Failed(error.clone()),
        }
    }
}

/// A value that is loaded, and can be loaded again. Cheap to copy about.
pub struct Loaded<T: Send + Sync + 'static> {
    state: RwSignal<Load<T>>,
    again: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

impl<T: Send + Sync + 'static> Loaded<T> {
    /// Begins to load. What was there stays on the page while it is loaded again.
    pub fn begin<F, W>(work: F) -> Self
    where
        F: Fn() -> W + Copy + Send + Sync + 'static,
        W: Future<Output = Result<T, ClientError>> + 'static,
    {
        let state = RwSignal::new(Load::Waiting);
        let gate = Gate::here();
        let again = Callback::new(move |()| {
            let with = ring().ok();
            leptos::task::spawn_local(async move {
                let found = match work().await {
                    Ok(value) => Load::Ready(Arc::new(value)),
                    Err(error) if Gate::is_over(&error) => return gate.shut(with.as_ref()),
                    Err(error) => Load::Failed(error),
                };
                // The page may be gone by now.
                let _ = state.try_set(found);
            });
        });
        again.run(());
        Self { state, again }
    }

    /// Loads again, unless the page is gone.
    pub fn again(self) {
        let _ = self.again.try_run(());
    }

    /// The value, followed as it changes.
    #[must_use]
    pub fn ready(self) -> Option<Arc<T>> {
        self.state.with(|state| match state {
            Load::Ready(value) => Some(Arc::clone(value)),
            _ => None,
        })
    }

    /// The value, at this moment only.
    #[must_use]
    pub fn ready_now(self) -> Option<Arc<T>> {
        untrack(|| self.ready())
    }

    /// Why it is not here, followed as it changes.
    #[must_use]
    pub fn failed(self) -> Option<ClientError> {
        self.state.with(|state| match state {
            Load::Failed(error) => Some(error.clone()),
            _ => None,
        })
    }

    /// Draws it, or the wait, or the trouble.
    pub fn draw(
        self,
        name: &'static str,
        show: impl Fn(Arc<T>) -> AnyView + Send + 'static,
    ) -> AnyView {
        let again = self.again;
        (move || match self.state.get() {
            Load::Waiting => view! { <Skeleton name/> }.into_any(),
            Load::Ready(value) => show(value),
            Load::Failed(error) => view! { <Failed error again/> }.into_any(),
        })
        .into_any()
    }
}

/// Trying again mends a network; of what does not verify something is kept first.
#[component]
fn Failed(error: ClientError, again: Callback<()>) -> impl IntoView {
    view! { <TroublePanel trouble=for_staff(&error)>{ways(&error, again, Some(again))}</TroublePanel> }
        .into_any()
}

/// The ways on from a failure, wherever it stands: what does not verify can be shown to others, and a
/// journal that was restored can be gone on with, which leads to `then`.
#[must_use]
pub fn ways(error: &ClientError, then: Callback<()>, again: Option<Callback<()>>) -> AnyView {
    let broken = for_staff(error).broken;
    let kind = if broken { Kind::Quiet } else { Kind::Primary };
    let fork = match error {
        ClientError::Forked(fork) => Some(Fork::clone(fork)),
        _ => None,
    };
    view! {
        {broken.then(|| view! { <SaveEvidence said=error.evidence()/> })}
        {fork.map(|fork| view! { <ForkFound fork again=then/> })}
        {again.map(|again| view! { <Button kind on_press=again>"Try again"</Button> })}
    }
    .into_any()
}

//! One at a time: what a browser may do once only, while several uploads want it done.

use alloc::collections::VecDeque;
use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::{Poll, Waker};

/// A turn to be taken by one task after the other. For one thread, as everything of the core.
#[derive(Default)]
pub(crate) struct Turn {
    taken: Cell<bool>,
    waiting: RefCell<VecDeque<Waker>>,
}

/// The turn; it passes on when this is dropped.
pub(crate) struct Taken<'a>(&'a Turn);

impl Turn {
    /// Waits until nobody else has the turn, and takes it.
    pub(crate) async fn take(&self) -> Taken<'_> {
        poll_fn(|context| {
            if self.taken.replace(true) {
                self.waiting.borrow_mut().push_back(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(Taken(self))
            }
        })
        .await
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.taken.set(false);
        // All of them: one that no longer waits must not keep the others asleep.
        let waiting = self.0.waiting.take();
        waiting.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]
    use super::*;
    use alloc::boxed::Box;
    use alloc::vec::Vec;
    use core::pin::Pin;
    use core::task::Context;

    type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

    #[test]
    fn a_turn_is_one_task_s_at_a_time() {
        let (turn, inside) = (Turn::default(), Cell::new(0));
        let task = || -> Task<'_> {
            Box::pin(async {
                let _taken = turn.take().await;
                inside.set(inside.get() + 1);
                assert_eq!(inside.get(), 1);
                let mut first = true;
                poll_fn(
                    |_| if core::mem::take(&mut first) { Poll::Pending } else { Poll::Ready(()) },
                )
                .await;
                inside.set(0);
            })
        };
        let mut tasks: Vec<Task<'_>> = (0..3).map(|_| task()).collect();
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..8 {
            tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
        }
        assert!(tasks.is_empty(), "every task had its turn");
    }
}

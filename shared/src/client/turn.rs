//! One at a time: what a browser may do once only, while several uploads want it done; and what is read,
//! changed and written again by one tab after the other. And two at a time: what need not wait for the other.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
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
        self.begin().await;
        Taken(self)
    }

    async fn begin(&self) {
        poll_fn(|context| {
            if self.taken.replace(true) {
                self.waiting.borrow_mut().push_back(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    fn pass_on(&self) {
        self.taken.set(false);
        // All of them: one that no longer waits must not keep the others asleep.
        let waiting = self.waiting.take();
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

/// Turns by name: the lock of a store that one page alone writes to.
#[derive(Default)]
pub struct Turns(RefCell<BTreeMap<String, Rc<Turn>>>);

/// A turn of [`Turns`]; it passes on when this is dropped.
pub struct NamedTurn(Rc<Turn>);

impl Turns {
    /// Waits until nobody else has the turn of this name, and takes it.
    pub async fn take(&self, name: &str) -> NamedTurn {
        let turn = Rc::clone(self.0.borrow_mut().entry(name.into()).or_default());
        turn.begin().await;
        NamedTurn(turn)
    }
}

impl Drop for NamedTurn {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

/// Does both, the one while the other waits, and gives what both gave.
pub(crate) async fn both<A: Future, B: Future>(one: A, other: B) -> (A::Output, B::Output) {
    let (mut one, mut other) = (Box::pin(one), Box::pin(other));
    let (mut first, mut second) = (None, None);
    poll_fn(|context| {
        if first.is_none()
            && let Poll::Ready(done) = one.as_mut().poll(context)
        {
            first = Some(done);
        }
        if second.is_none()
            && let Poll::Ready(done) = other.as_mut().poll(context)
        {
            second = Some(done);
        }
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            waits => {
                (first, second) = waits;
                Poll::Pending
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]
    use super::*;
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

    #[test]
    fn neither_of_two_waits_for_the_other() {
        let mut context = Context::from_waker(Waker::noop());
        for waits_first in [true, false] {
            let done = Cell::new(0);
            let at_once = async {
                done.set(done.get() + 1);
                7
            };
            let waits = async {
                let mut polled = 0;
                poll_fn(|_| {
                    polled += 1;
                    if polled < 3 { Poll::Pending } else { Poll::Ready(polled) }
                })
                .await
            };
            let mut task: Pin<Box<dyn Future<Output = (i32, i32)> + '_>> = if waits_first {
                Box::pin(async { both(waits, at_once).await })
            } else {
                Box::pin(async {
                    let (one, other) = both(at_once, waits).await;
                    (other, one)
                })
            };
            for _ in 0..2 {
                assert!(task.as_mut().poll(&mut context).is_pending());
                assert_eq!(done.get(), 1, "done at once, and once");
            }
            assert_eq!(task.as_mut().poll(&mut context), Poll::Ready((3, 7)));
        }
    }

    #[test]
    fn a_name_has_its_own_turn_and_whoever_gives_up_holds_nobody_back() {
        let turns = Turns::default();
        let mut context = Context::from_waker(Waker::noop());
        let mut take = |name: &'static str| {
            let mut taking = Box::pin(turns.take(name));
            match taking.as_mut().poll(&mut context) {
                Poll::Ready(taken) => Ok(taken),
                Poll::Pending => Err(taking),
            }
        };
        let first = take("pin").ok().unwrap();
        let other = take("ends").ok().unwrap();
        // One waits and goes away, another waits on.
        drop(take("pin").err().unwrap());
        let mut waiting = take("pin").err().unwrap();
        drop(other);
        assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(first);
        assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
        assert!(take("pin").is_ok());
    }
}

//! Buttons and menus under the bot's answers.

use serde_json::{Value, json};
use serenity::all::{ActionRowComponent, ButtonKind, ComponentInteraction, ComponentInteractionDataKind};

use super::{
    answer::{COMPONENTS, EPHEMERAL, Showing, silent},
    bot::DiscordBot,
    button::{Button, Carried, shown},
    controls::controls,
    conversation::ASK_INSTEAD,
    interaction::{
        Asking, InteractionReply, Make, PageOf, Part, Posting, ReceivedInteraction, UPDATE_LATER, is_for_one,
        permissions, said,
    },
    members::{GuildMember, Holds},
    places::{place_of, presence},
    rest::RestError,
};
use crate::{
    commands::calls,
    config::MessageLayout,
    desk::Invocation,
    frontend::{
        ANSWER_NOT_KEPT, Admitted, Asker, ChatEvent, ChatPlace, EventKind, FOR_THE_ASKER_ALONE, NOT_POSTED,
        POSTED_ALREADY, QUESTION_NOT_KEPT, SeenBy, UNKNOWN_BUTTON, Verdict, admit, request, settle,
    },
    model::Platform,
};

impl DiscordBot {
    pub(super) async fn pressed(&self, component: &ComponentInteraction) {
        let user = component.user.id.get();
        let guild = component.guild_id.map(|guild| guild.get());
        let call = ReceivedInteraction { id: component.id.get(), token: &component.token };
        let channel = component.channel_id.get();
        let permissions = permissions(component.member.as_ref());
        let facts = GuildMember { bot: self, guild, channel, user, holds: Holds::Permissions(permissions) };
        let presence = presence(&component.authorizing_integration_owners, component.context);
        let own = Part::first(user);
        let (kind, carried, part) = match Button::read(&component.data.custom_id) {
            Some(Button::Turn { asker, part, call }) => {
                let by = if asker == user { Asker::Themselves } else { Asker::Unknown };
                (
                    EventKind::Turned { seen_by: seen_by(component), by },
                    call,
                    Part { asker, number: part, of: Some(self.page_of(component)) },
                )
            }
            Some(Button::Open(call)) => (EventKind::Opened, call, own),
            Some(Button::Choose) => match chosen(component) {
                Some(call) => (EventKind::Opened, call, own),
                None => return,
            },
            Some(Button::Publish(carried)) => return self.publish(component, call, carried, facts).await,
            None => {
                let way = call.to_one(guild, presence);
                self.call_back(way, said(UNKNOWN_BUTTON)).await;
                return;
            }
        };
        let Some(line) = self.line_of(carried).await else {
            self.call_back(call.to_one(guild, presence), said(QUESTION_NOT_KEPT)).await;
            return;
        };
        let asking = Asking {
            kind,
            facts,
            invocation: Invocation::of_line(&line),
            told: None,
            read: None,
            presence,
            about: None,
        };
        self.answer_interaction(asking, call, part).await;
    }

    /// Posts an answer that only one has seen so far, where all may see answers, once and within the limits.
    async fn publish(
        &self,
        component: &ComponentInteraction,
        call: ReceivedInteraction<'_>,
        carried: Carried,
        facts: GuildMember<'_>,
    ) {
        let presence = presence(&component.authorizing_integration_owners, component.context);
        let to_one = call.to_one(facts.guild, presence);
        let place = ChatPlace { presence, ..place_of(facts.guild, facts.channel) };
        let event = ChatEvent { kind: EventKind::Posted, place };
        let settled = settle(self.handle.desk(), event, None, &facts).await;
        if !matches!(settled.verdict, Verdict::Answer(_)) {
            self.call_back(to_one, said(FOR_THE_ASKER_ALONE)).await;
            return;
        }
        let Some(shown) = self.line_of(carried).await.and_then(|line| shown(&line)) else {
            self.call_back(to_one, said(ANSWER_NOT_KEPT)).await;
            return;
        };
        // It counts like a question that is answered for all.
        let asked = Invocation::Call(calls::more());
        let user = facts.user.to_string();
        let Some(request) = request(Platform::Discord, &user, settled.origin, asked) else { return };
        match admit(self.handle.desk(), &request, settled.verdict, ASK_INSTEAD) {
            Admitted::Granted(_) => {}
            Admitted::Told(reply) => {
                let showing =
                    Showing { asker: facts.user, prefix: "/", part: 0, may_be_posted: false, layout: self.layout };
                let told = self.show(&reply, None, showing).await;
                self.call_back(to_one, told.body).await;
                return;
            }
            Admitted::Silent => return,
        }
        let message = component.message.id.get();
        if !self.posted.claim(message) {
            self.call_back(to_one, said(POSTED_ALREADY)).await;
            return;
        }
        let Some(application) = self.application.get() else { return };
        let path = format!("/webhooks/{application}/{}", call.token);
        let in_place = InteractionReply { new: false, private: true, ..to_one };
        // The button goes first: whatever comes of a second press, Discord takes one answer to the first.
        let Some(private) = self.without_button(component, in_place, &path).await else {
            return self.posted.release(message);
        };
        match self.rest.post_once(&path, &published(component, &private)).await {
            Ok(sent) => self.delivered_unasked(&sent, shown),
            Err(error) => {
                tracing::warn!(%error, "a private answer could not be posted");
                self.posted.release(message);
                let again = with_controls(component, controls(&private, Posting::Offered));
                let mut told = said(NOT_POSTED);
                told["flags"] = EPHEMERAL.into();
                let put_back = self.rest.patch(&format!("{path}/messages/@original"), &again).await;
                if let Err(error) = put_back.and(self.rest.post_once(&path, &told).await) {
                    tracing::warn!(%error, "who wanted it posted could not be told");
                }
            }
        }
    }

    /// Takes the button away that posts, as the answer to its press; gives the components that the message had. The
    /// library that reads the gateway's events leaves layout components out, so the message is asked for: once the press
    /// is acknowledged, it is what the interaction answered with.
    async fn without_button(
        &self,
        component: &ComponentInteraction,
        way: InteractionReply<'_>,
        followup: &str,
    ) -> Option<Value> {
        if layout_of(component) == MessageLayout::Embeds {
            let private = serde_json::to_value(&component.message.components).unwrap_or_default();
            let without = with_controls(component, controls(&private, Posting::Over));
            return self.call_back(way, without).await.map(|_| private);
        }
        self.acknowledge(way, &json!({"type": UPDATE_LATER})).await?;
        let path = format!("{followup}/messages/@original");
        let asked: Result<Value, RestError> = async {
            let private = self.rest.get(&path).await?["components"].clone();
            self.rest.patch(&path, &with_controls(component, controls(&private, Posting::Over))).await?;
            Ok(private)
        }
        .await;
        match asked {
            Ok(private) => Some(private),
            Err(error) => {
                tracing::warn!(%error, "a private answer could not be read");
                let mut told = said(ANSWER_NOT_KEPT);
                told["flags"] = EPHEMERAL.into();
                if let Err(error) = self.rest.post_once(followup, &told).await {
                    tracing::info!(%error, "who wanted to post it could not be told either");
                }
                None
            }
        }
    }

    /// The message that a button turns a page of.
    fn page_of(&self, component: &ComponentInteraction) -> PageOf {
        let message = &component.message;
        let layout = layout_of(component);
        let is_offered = match layout {
            MessageLayout::Embeds => buttons(component).any(|button| matches!(button, Button::Publish(_))),
            MessageLayout::Components => !self.posted.is_claimed(message.id.get()),
        };
        let is_plain = layout == MessageLayout::Embeds && message.embeds.is_empty() && !message.content.is_empty();
        PageOf {
            posting: if is_offered { Posting::Offered } else { Posting::Over },
            make: if is_plain { Make::Words } else { Make::Of(layout) },
        }
    }

    /// The line that a button carries; `None` where it is kept no longer.
    async fn line_of(&self, carried: Carried) -> Option<String> {
        match carried {
            Carried::Here(line) => Some(line),
            Carried::Kept(id) => self.handle.run(move |desk| desk.memory().kept_ask(&id)).await.ok()?.ok()?,
        }
    }
}

/// Who sees the message that a button stands under.
fn seen_by(component: &ComponentInteraction) -> SeenBy {
    if is_for_one(&component.message) { SeenBy::AskerAlone } else { SeenBy::Everyone }
}

/// What the message that a button stands under is made of. Where it is components, the buttons are in their container,
/// which the library that reads events leaves out.
fn layout_of(component: &ComponentInteraction) -> MessageLayout {
    if component.message.components.is_empty() { MessageLayout::Components } else { MessageLayout::Embeds }
}

fn chosen(component: &ComponentInteraction) -> Option<Carried> {
    match &component.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().map(|value| Carried::read(value)),
        _ => None,
    }
}

/// What the controls of the message do that was pressed.
fn buttons(component: &ComponentInteraction) -> impl Iterator<Item = Button> + '_ {
    let parts = component.message.components.iter().flat_map(|row| &row.components);
    parts.filter_map(|part| match part {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } => Button::read(custom_id),
            _ => None,
        },
        _ => None,
    })
}

/// A private answer as everyone may see it: what the one who posts it has before them. `private` are its components.
fn published(component: &ComponentInteraction, private: &Value) -> Value {
    let mut body = with_controls(component, controls(private, Posting::Over));
    if layout_of(component) == MessageLayout::Components {
        return body;
    }
    if !component.message.content.is_empty() {
        body["content"] = component.message.content.as_str().into();
    }
    let embeds = component.message.embeds.iter().map(|embed| {
        let mut out = json!({"description": embed.description, "color": embed.colour.map(|colour| colour.0)});
        if let Some(footer) = &embed.footer {
            out["footer"] = json!({"text": footer.text});
        }
        out
    });
    body["embeds"] = embeds.collect();
    body
}

/// A body of these components.
fn with_controls(component: &ComponentInteraction, controls: Value) -> Value {
    let mut body = silent();
    if layout_of(component) == MessageLayout::Components {
        body["flags"] = COMPONENTS.into();
    }
    body["components"] = controls;
    body
}

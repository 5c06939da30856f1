//! The life of an interaction: from the click, through one acknowledgement in time, to the last
//! follow-up. It decides what an answer may still do; `routes` carries it out.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::error::ApiError;
use super::ids::{ChannelId, InteractionId, MessageId, UserId};
use super::payloads;
use super::permissions;
use super::sessions::Scope;
use super::state::State;
use super::world::StoredMessage;

/// What was clicked, by Discord's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    Modal = 5,
}

/// One interaction.
#[derive(Clone, Debug)]
pub(super) struct Interaction {
    pub(super) id: InteractionId,
    pub(super) token: String,
    pub(super) kind: Kind,
    /// What the person did, for transcripts: `uses /source query:sydney`, `presses [Next]`.
    pub(super) shown: String,
    /// Whether it came from a message's or a person's context menu.
    pub(super) context_menu: bool,
    pub(super) asker: UserId,
    pub(super) channel: ChannelId,
    pub(super) made: Instant,
    /// The message with the component that was used.
    pub(super) source: Option<MessageId>,
    /// The type of the callback that acknowledged it, and when.
    pub(super) acknowledged: Option<(u64, Instant)>,
    /// The message that `@original` means.
    pub(super) original: Option<MessageId>,
    pub(super) choices: Option<Vec<Value>>,
    pub(super) modal: Option<Value>,
    /// A test has let its time run out.
    pub(super) expired: bool,
}

/// All interactions, old ones included.
#[derive(Debug, Default)]
pub(super) struct Interactions {
    all: HashMap<InteractionId, Interaction>,
    tokens: HashMap<String, InteractionId>,
}

impl Interactions {
    pub(super) fn get(&self, id: InteractionId) -> Option<&Interaction> {
        self.all.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: InteractionId) -> Option<&mut Interaction> {
        self.all.get_mut(&id)
    }

    pub(super) fn by_token(&self, token: &str) -> Option<&Interaction> {
        self.all.get(self.tokens.get(token)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Interaction> {
        self.all.values()
    }
}

impl State {
    /// Lets somebody use something: makes the interaction and sends INTERACTION_CREATE. `data`
    /// is the part that differs by kind.
    pub(super) fn interact(
        &mut self,
        kind: Kind,
        (asker, channel): (UserId, ChannelId),
        shown: String,
        source: Option<MessageId>,
        data: Value,
    ) -> InteractionId {
        let id = InteractionId(self.world.flakes.next());
        let token = format!("interaction-token-{id}");
        let payload = self.interaction_payload(id, &token, kind, (asker, channel), source, data);
        self.interactions.tokens.insert(token.clone(), id);
        self.interactions.all.insert(
            id,
            Interaction {
                id,
                token,
                kind,
                context_menu: payload["data"].get("target_id").is_some(),
                shown,
                asker,
                channel,
                made: Instant::now(),
                source,
                acknowledged: None,
                original: None,
                choices: None,
                modal: None,
                expired: false,
            },
        );
        let scope = Scope { guild: self.world.guild_of(channel), intents: 0 };
        self.gateway.dispatch("INTERACTION_CREATE", scope, |_| payload.clone());
        id
    }

    /// Takes the first and only acknowledgement, in time.
    pub(super) fn acknowledge(
        &mut self,
        id: InteractionId,
        token: &str,
        callback: u64,
    ) -> Result<Interaction, ApiError> {
        let within = self.settings.acknowledge_within;
        let found = self.interactions.all.get_mut(&id).filter(|it| it.token == token);
        let interaction = found.ok_or_else(ApiError::unknown_interaction)?;
        if interaction.acknowledged.is_some() {
            return Err(ApiError::already_acknowledged());
        }
        if interaction.expired || interaction.made.elapsed() > within {
            self.log.late.push(id);
            return Err(ApiError::unknown_interaction());
        }
        interaction.acknowledged = Some((callback, Instant::now()));
        Ok(interaction.clone())
    }

    /// The interaction behind a webhook token, as long as it takes follow-ups.
    pub(super) fn following_up(&self, token: &str) -> Result<&Interaction, ApiError> {
        let within = self.settings.follow_up_within;
        let found = self.interactions.by_token(token).ok_or_else(ApiError::unknown_webhook)?;
        let acknowledged = found.acknowledged.is_some();
        let lapsed = found.made.elapsed() > within || (found.expired && acknowledged);
        if !acknowledged || lapsed {
            return Err(ApiError::unknown_webhook());
        }
        Ok(found)
    }

    fn interaction_payload(
        &self,
        id: InteractionId,
        token: &str,
        kind: Kind,
        (asker, channel): (UserId, ChannelId),
        source: Option<MessageId>,
        data: Value,
    ) -> Value {
        let world = &self.world;
        let place = world.channel(channel);
        let guild = place.guild.map(|id| &world.guilds[&id]);
        let app_permissions = permissions::in_channel(world, world.bot, place);
        let mut owners = json!({});
        if world.is_foreign(channel) {
            owners["1"] = asker.to_string().into();
        } else {
            owners["0"] = guild.map_or("0".to_owned(), |guild| guild.id.to_string()).into();
        }
        let mut payload = json!({
            "id": id.to_string(),
            "application_id": world.application.to_string(),
            "type": kind as u8,
            "token": token,
            "version": 1,
            "channel_id": channel.to_string(),
            "channel": payloads::partial_channel(world, place, asker),
            "data": data,
            "locale": world.user(asker).locale,
            "app_permissions": app_permissions.to_string(),
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": owners,
            "context": world.context_of(channel),
            "attachment_size_limit": 10_485_760,
        });
        if let Some(guild) = guild {
            let mut member = payloads::member(world, guild, asker, true);
            let bits = permissions::in_channel(world, asker, place);
            member["permissions"] = bits.to_string().into();
            payloads::merge(
                &mut payload,
                json!({
                    "member": member,
                    "guild_id": guild.id.to_string(),
                    "guild_locale": guild.locale,
                    "guild": {"id": guild.id.to_string(), "locale": guild.locale, "features": []},
                }),
            );
        } else {
            payload["user"] = payloads::user(world, asker);
        }
        if let Some(source) = source {
            payload["message"] = self.answer_payload(world.message(source));
        }
        payload
    }

    /// A message with what shows that it answers an interaction, if it does.
    pub(super) fn answer_payload(&self, message: &StoredMessage) -> Value {
        let world = &self.world;
        let mut value = payloads::message(world, message, false);
        let interaction = message.interaction.and_then(|id| self.interactions.get(id));
        let Some(interaction) = interaction else {
            return value;
        };
        let mut metadata = json!({
            "id": interaction.id.to_string(),
            "type": interaction.kind as u8,
            "user": payloads::user(world, interaction.asker),
            "authorizing_integration_owners": {"0": "0"},
        });
        match (interaction.kind, interaction.source) {
            (Kind::Component, Some(source)) => {
                metadata["interacted_message_id"] = source.to_string().into();
            }
            (Kind::Modal, _) => {
                metadata["triggering_interaction_metadata"] = json!({
                    "id": interaction.id.to_string(),
                    "type": Kind::Command as u8,
                    "user": payloads::user(world, interaction.asker),
                    "authorizing_integration_owners": {"0": "0"},
                });
            }
            (Kind::Command | Kind::Component | Kind::Autocomplete, _) => {}
        }
        payloads::merge(
            &mut value,
            json!({
                "application_id": world.application.to_string(),
                "webhook_id": world.application.to_string(),
                "interaction_metadata": metadata,
            }),
        );
        value
    }
}

/// How an interaction stands, for a test to look at.
#[derive(Clone, Debug)]
pub(crate) struct InteractionView {
    /// The callback type by which it was acknowledged.
    pub(crate) acknowledged_with: Option<u64>,
    /// How long the bot took to acknowledge it.
    pub(crate) acknowledged_after: Option<Duration>,
    /// The message that `@original` means.
    pub(crate) original: Option<MessageId>,
    /// The modal it opened.
    pub(crate) modal: Option<Value>,
    /// The choices it was given.
    pub(crate) choices: Option<Vec<Value>>,
}

impl Interaction {
    pub(super) fn view(&self) -> InteractionView {
        InteractionView {
            acknowledged_with: self.acknowledged.map(|(callback, _)| callback),
            acknowledged_after: self.acknowledged.map(|(_, at)| at - self.made),
            original: self.original,
            modal: self.modal.clone(),
            choices: self.choices.clone(),
        }
    }
}

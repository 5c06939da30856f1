//! What the bot has to ask Discord about places and people, as it keeps no picture of them: the
//! channel that a thread belongs to, and what someone may do there.

use serde_json::Value;

use super::{bot::DiscordBot, rest::RestError};
use crate::frontend::{Facts, PlatformRights};

const ADMINISTRATOR: u64 = 1 << 3;
const MANAGE_CHANNELS: u64 = 1 << 4;
const MANAGE_GUILD: u64 = 1 << 5;
const MANAGE_MESSAGES: u64 = 1 << 13;

/// The kinds of what is set for a channel, by their numbers.
const OF_ROLE: u64 = 0;
const OF_MEMBER: u64 = 1;

impl DiscordBot {
    /// The channel that a thread belongs to; of any other channel, itself.
    pub(super) async fn home(&self, channel: u64) -> u64 {
        if let Some(home) = self.places.get(channel) {
            return home;
        }
        match self.rest.get(&format!("/channels/{channel}")).await {
            Ok(found) => {
                let is_thread = matches!(found["type"].as_u64(), Some(10..=12));
                let parent = found["parent_id"].as_str().and_then(|id| id.parse().ok());
                let home = parent.filter(|_| is_thread).unwrap_or(channel);
                self.places.put(channel, home);
                home
            }
            Err(_) => channel,
        }
    }

    /// What a member with these roles may do in a channel; in a thread, what they may do in its channel.
    pub(super) async fn permissions(
        &self,
        guild: u64,
        channel: u64,
        user: u64,
        roles: &[u64],
    ) -> Result<u64, RestError> {
        let found = self.rest.get(&format!("/guilds/{guild}")).await?;
        if found["owner_id"].as_str() == Some(&user.to_string()) {
            return Ok(ADMINISTRATOR);
        }
        let of_server = in_server(&found, guild, roles);
        if of_server & ADMINISTRATOR != 0 {
            return Ok(ADMINISTRATOR);
        }
        let home = self.home(channel).await;
        let place = self.rest.get(&format!("/channels/{home}")).await?;
        Ok(in_channel(of_server, &place, guild, user, roles))
    }
}

/// What roles allow in a whole server.
fn in_server(server: &Value, guild: u64, roles: &[u64]) -> u64 {
    let held = server["roles"].as_array().into_iter().flatten().filter(|role| {
        // Everyone's role has the server's own id.
        number(&role["id"]).is_some_and(|id| id == guild || roles.contains(&id))
    });
    held.filter_map(|role| number(&role["permissions"])).fold(0, |all, permissions| all | permissions)
}

/// What is left of that, and comes to it, in a channel: by what is set there for everyone, then for the
/// roles together, then for the member (Discord's documentation, "Permission Overwrites"). The server's own
/// permissions, like to manage it, can't be set there.
fn in_channel(of_server: u64, channel: &Value, guild: u64, user: u64, roles: &[u64]) -> u64 {
    let set = |concerns: &dyn Fn(u64, u64) -> bool| {
        let there = channel["permission_overwrites"].as_array().into_iter().flatten();
        let concerned = there
            .filter(|set| number(&set["id"]).zip(set["type"].as_u64()).is_some_and(|(id, kind)| concerns(id, kind)));
        concerned.fold((0, 0), |(allowed, denied), set| {
            (allowed | number(&set["allow"]).unwrap_or(0), denied | number(&set["deny"]).unwrap_or(0))
        })
    };
    let everyone = set(&|id, kind| kind == OF_ROLE && id == guild);
    let of_roles = set(&|id, kind| kind == OF_ROLE && id != guild && roles.contains(&id));
    let of_member = set(&|id, kind| kind == OF_MEMBER && id == user);
    [everyone, of_roles, of_member].into_iter().fold(of_server, |may, (allowed, denied)| {
        let here = (may & !denied) | allowed;
        (here & !MANAGE_GUILD & !ADMINISTRATOR) | (of_server & (MANAGE_GUILD | ADMINISTRATOR))
    })
}

fn number(text: &Value) -> Option<u64> {
    text.as_str()?.parse().ok()
}

/// Someone in a channel.
#[derive(Debug, Clone, Copy)]
pub(super) struct GuildMember<'a> {
    pub(super) bot: &'a DiscordBot,
    /// The server; `None` in a direct message.
    pub(super) guild: Option<u64>,
    pub(super) channel: u64,
    pub(super) user: u64,
    pub(super) holds: Holds<'a>,
}

/// What Discord says along with an event of what someone may do.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds<'a> {
    /// Their permissions in the channel; none in a direct message.
    Permissions(u64),
    /// Their roles.
    Roles(&'a [u64]),
}

impl Facts for GuildMember<'_> {
    async fn parent(&self) -> Option<String> {
        let home = self.bot.home(self.channel).await;
        (home != self.channel).then(|| home.to_string())
    }

    async fn rights(&self) -> PlatformRights {
        let permissions = match (self.holds, self.guild) {
            (Holds::Permissions(permissions), _) => permissions,
            (Holds::Roles(roles), Some(guild)) => {
                self.bot.permissions(guild, self.channel, self.user, roles).await.unwrap_or(0)
            }
            (Holds::Roles(_), None) => 0,
        };
        rights(permissions)
    }
}

/// What these permissions let someone do.
const fn rights(permissions: u64) -> PlatformRights {
    PlatformRights {
        manage_community: permissions & (ADMINISTRATOR | MANAGE_GUILD) != 0,
        moderate_channel: permissions & (ADMINISTRATOR | MANAGE_CHANNELS | MANAGE_MESSAGES) != 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_set_in_a_channel_counts_there_and_gives_no_power_over_the_server() {
        let (guild, user) = (1, 9);
        let role = |id: u64, permissions: u64| json!({"id": id.to_string(), "permissions": permissions.to_string()});
        let server = json!({"roles": [role(1, 0), role(2, MANAGE_MESSAGES), role(3, 0)]});
        let set = |id: u64, kind: u64, allow: u64, deny: u64| json!({"id": id.to_string(), "type": kind, "allow": allow.to_string(), "deny": deny.to_string()});
        for (roles, overwrites, wanted) in [
            (&[][..], json!([]), 0),
            (&[2], json!([]), MANAGE_MESSAGES),
            (&[2], json!([set(1, 0, 0, MANAGE_MESSAGES)]), 0),
            (&[2], json!([set(1, 0, 0, MANAGE_MESSAGES), set(2, 0, MANAGE_MESSAGES, 0)]), MANAGE_MESSAGES),
            // Of a member's roles one allows and one denies: it is allowed.
            (&[2, 3], json!([set(2, 0, 0, MANAGE_MESSAGES), set(3, 0, MANAGE_MESSAGES, 0)]), MANAGE_MESSAGES),
            (&[3], json!([set(3, 0, MANAGE_CHANNELS, 0), set(9, 1, 0, MANAGE_CHANNELS)]), 0),
            (&[], json!([set(9, 1, MANAGE_CHANNELS, 0)]), MANAGE_CHANNELS),
            // Someone else's, a role that isn't held, a role's set for a member, and what no channel can give.
            (&[], json!([set(8, 1, MANAGE_CHANNELS, 0), set(2, 0, MANAGE_CHANNELS, 0)]), 0),
            (&[], json!([set(9, 0, MANAGE_CHANNELS, 0)]), 0),
            (&[], json!([set(9, 1, ADMINISTRATOR | MANAGE_GUILD, 0)]), 0),
            (&[], json!("nothing of the sort"), 0),
        ] {
            let channel = json!({"permission_overwrites": overwrites});
            let may = in_channel(in_server(&server, guild, roles), &channel, guild, user, roles);
            assert_eq!(may, wanted, "{roles:?} {channel}");
        }
    }
}

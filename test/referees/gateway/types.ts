import type * as v10 from "discord-api-types/v10";

/** One property per gateway message that goes over the fake's socket. An interface, so that each becomes a named definition. */
export interface Events {
  readonly Hello: v10.GatewayHello;
  readonly HeartbeatRequest: v10.GatewayHeartbeatRequest;
  readonly HeartbeatAck: v10.GatewayHeartbeatAck;
  readonly Reconnect: v10.GatewayReconnect;
  readonly InvalidSession: v10.GatewayInvalidSession;
  readonly Ready: v10.GatewayReadyDispatch;
  /** Its data is `never` there; Discord sends a trace. */
  readonly Resumed: Omit<v10.GatewayResumedDispatch, "d">;
  readonly GuildCreate: v10.GatewayGuildCreateDispatch;
  readonly GuildDelete: v10.GatewayGuildDeleteDispatch;
  readonly GuildMemberUpdate: v10.GatewayGuildMemberUpdateDispatch;
  readonly GuildRoleCreate: v10.GatewayGuildRoleCreateDispatch;
  readonly ChannelCreate: v10.GatewayChannelCreateDispatch;
  readonly ChannelUpdate: v10.GatewayChannelUpdateDispatch;
  readonly ChannelDelete: v10.GatewayChannelDeleteDispatch;
  readonly ThreadCreate: v10.GatewayThreadCreateDispatch;
  readonly ThreadUpdate: v10.GatewayThreadUpdateDispatch;
  readonly ThreadDelete: v10.GatewayThreadDeleteDispatch;
  readonly InteractionCreate: v10.GatewayInteractionCreateDispatch;
  readonly MessageCreate: v10.GatewayMessageCreateDispatch;
  readonly MessageUpdate: v10.GatewayMessageUpdateDispatch;
  readonly MessageDelete: v10.GatewayMessageDeleteDispatch;
  readonly MessageReactionAdd: v10.GatewayMessageReactionAddDispatch;
  /** The client's side. */
  readonly Identify: v10.GatewayIdentify;
  readonly Resume: v10.GatewayResume;
  readonly Heartbeat: v10.GatewayHeartbeat;
  readonly UpdatePresence: v10.GatewayUpdatePresence;
}

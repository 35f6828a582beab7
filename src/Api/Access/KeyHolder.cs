namespace Relo.Api.Access;

/// <summary>The holder of a key, and what the key allows.</summary>
internal sealed record KeyHolder(string Name, Scope Scopes);

namespace Relo.Api.Access;

/// <summary>Who holds a key, and what it allows.</summary>
internal sealed record KeyHolder(string Name, Scope Scopes);

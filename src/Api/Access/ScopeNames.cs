namespace Relo.Api.Access;

/// <summary>Scopes as words, in the configuration and in problems.</summary>
internal static class ScopeNames
{
    private static readonly char[] Separators = [',', ' '];

    private static readonly (string Name, Scope Scope)[] Names =
        [("read", Scope.Read), ("relocate", Scope.Relocate), ("objects", Scope.Objects), ("kernels", Scope.Kernels),
            ("audit", Scope.Audit)];

    /// <summary>All of them.</summary>
    public static string All { get; } = Write(Scope.All);

    /// <summary>The names of some scopes, separated by commas.</summary>
    public static string Write(Scope scopes) => string.Join(',', Names.Where(n => scopes.HasFlag(n.Scope)).Select(n => n.Name));

    /// <summary>Reads names separated by commas or spaces.</summary>
    /// <returns>The first word that is not a scope, empty if there is no word; null if all are valid.</returns>
    public static string? Fault(string text, out Scope scopes)
    {
        scopes = Scope.None;
        foreach (var word in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var found = Array.Find(Names, n => n.Name.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (found.Scope == Scope.None) return word;
            scopes |= found.Scope;
        }

        return scopes == Scope.None ? "" : null;
    }
}

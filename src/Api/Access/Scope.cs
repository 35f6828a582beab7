namespace Relo.Api.Access;

/// <summary>What a key allows; each route needs one of these.</summary>
[Flags]
internal enum Scope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See what is kept: kernels, their BTF, objects.</summary>
    Read = 1,

    /// <summary>Have objects relocated, sent along or kept ones, and what else is made of an object and kernels.</summary>
    Relocate = 2,

    /// <summary>Add and delete kept objects.</summary>
    Objects = 4,

    /// <summary>Add and delete kernels.</summary>
    Kernels = 8,

    /// <summary>Everything.</summary>
    All = Read | Relocate | Objects | Kernels,
}

/// <summary>Scopes as words: in the configuration, and in problems.</summary>
internal static class ScopeNames
{
    private static readonly char[] Separators = [',', ' '];

    private static readonly (string Name, Scope Scope)[] Names =
        [("read", Scope.Read), ("relocate", Scope.Relocate), ("objects", Scope.Objects), ("kernels", Scope.Kernels)];

    /// <summary>All of them.</summary>
    public static string All { get; } = Write(Scope.All);

    /// <summary>The words of some scopes, separated by commas.</summary>
    public static string Write(Scope scopes) => string.Join(',', Names.Where(n => scopes.HasFlag(n.Scope)).Select(n => n.Name));

    /// <summary>Reads words separated by commas or spaces.</summary>
    /// <returns>The first that is no scope, empty where there are none; null where all is well.</returns>
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

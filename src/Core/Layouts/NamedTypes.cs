using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>Finds types, functions and variables by their whole names.</summary>
public static class NamedTypes
{
    /// <summary>
    /// The types of this name, each kind once: the one that a bare name means first. BTF that was not deduplicated has several of one kind,
    /// of which the first counts, as for libbpf. Of a module, those of its kernel only if it has none itself.
    /// </summary>
    /// <param name="types">The BTF.</param>
    /// <param name="name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="kind">A word of <see cref="KindWords"/>; null for any.</param>
    public static IReadOnlyList<BtfType> Find(BtfTypes types, string name, string? kind = null)
    {
        (kind, name) = Split(name, kind);
        var bytes = Encoding.UTF8.GetBytes(name);
        var found = bytes.Length > 0 ? Own(types, bytes, kind) : [];
        return found.Count == 0 && types.Base is { } kernel ? Find(kernel, name, kind) : found;
    }

    /// <summary>The word for the kind before a name, if there is one and no other is given, and the name alone.</summary>
    public static (string? Kind, string Name) Split(string name, string? kind = null)
    {
        var space = name.IndexOf(' ', StringComparison.Ordinal);
        return kind is null && space > 0 && KindWords.Contains(name[..space]) ? (name[..space], name[(space + 1)..].Trim()) : (kind, name);
    }

    private static List<BtfType> Own(BtfTypes types, byte[] name, string? kind)
    {
        var found = new SortedDictionary<int, BtfType>();
        for (var id = types.FirstId; id < (uint)types.Count; id++)
        {
            var type = types[id];
            if (type.NameOffset == 0 || TypeKind.Rank(type.Kind) is not (>= 0 and var rank) || found.ContainsKey(rank)) continue;
            if (kind is not null && TypeKind.Of(type.Kind) != kind) continue;
            if (types.NameEquals(type.NameOffset, name)) found.Add(rank, type);
        }

        return [.. found.Values];
    }

    /// <summary>The words for kinds, such as <c>struct</c> and <c>func</c>.</summary>
    public static IReadOnlyList<string> KindWords { get; } = [.. TypeKind.Words];

    /// <summary>The kinds that a word of <see cref="KindWords"/> means.</summary>
    public static IReadOnlyList<BtfKind> KindsOf(string word) => TypeKind.KindsOf(word);

    /// <summary>The word for the kind of a type that <see cref="Find"/> returned.</summary>
    public static string KindOf(BtfType type) => TypeKind.Of(type.Kind) ?? type.Kind.LibbpfName();
}

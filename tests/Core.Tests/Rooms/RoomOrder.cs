using System.Reflection;

namespace Relo.Core.Tests.Rooms;

/// <summary>
/// Holds the direction between the folders (namespaces) of an assembly: each may use those listed before it and none after, so that no
/// circle can arise. Read from the compiled code, because a namespace sees its parents without a using. Inlined constants leave no trace.
/// </summary>
/// <param name="assembly">The assembly; its name is the root namespace.</param>
/// <param name="bottomToTop">
/// The folders, such as <c>Btf</c> or <c>Http.Problems</c>; "" is the root. The longest that fits holds a namespace.
/// </param>
internal sealed class RoomOrder(Assembly assembly, IReadOnlyList<string> bottomToTop)
{
    private readonly string _root = assembly.GetName().Name!;

    /// <summary>References that go upwards, and rooms that exist but are not listed or are listed but do not exist.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        var types = assembly.GetTypes()
            .Where(type => type.Namespace is { } ns && (ns + '.').StartsWith(_root + '.', StringComparison.Ordinal)).ToArray();
        var rooms = types.ToDictionary(type => type, RoomOf);
        faults.UnionWith(types.Where(type => rooms[type] is null).Select(type => $"{type.Namespace} is not listed"));
        faults.UnionWith(bottomToTop.Where(room => !rooms.ContainsValue(room)).Select(room => $"'{room}' has no types"));
        foreach (var (type, room) in rooms)
        {
            if (room is null) continue;
            foreach (var used in TypeReferences.Of(type))
            {
                if (rooms.TryGetValue(used, out var other) && other is not null && Level(other) > Level(room))
                    faults.Add($"'{room}' uses '{other}': {type.Name} → {used.Name}");
            }
        }

        return [.. faults];
    }

    private int Level(string room) => bottomToTop.Index().First(listed => listed.Item == room).Index;

    private string? RoomOf(Type type)
    {
        var path = type.Namespace!.Length == _root.Length ? "" : type.Namespace[(_root.Length + 1)..];
        return bottomToTop.Where(room => path == room || (room.Length > 0 && path.StartsWith(room + '.', StringComparison.Ordinal)))
            .MaxBy(room => room.Length);
    }
}

using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Conformance.Layouts;

/// <summary>Static assertions: offsets and sizes of a kernel.</summary>
internal static class LayoutClaims
{
    /// <summary>A program that reads through a pointer, so that there is an object with CO-RE records.</summary>
    public const string Program = """

        __attribute__((section("tp_btf/sched_switch"), used)) int read_state(struct task_struct *task) { return task->pid + task->tgid; }
        """;

    public static List<string> Of(BtfTypes types)
    {
        var claims = new List<string>();
        foreach (var (type, layout) in NamedLayouts.Unique(types))
        {
            if (layout.Members is null || layout.Members.Count == 0) continue;
            var name = $"{layout.Kind} {layout.Name}";
            claims.Add(Claim($"sizeof({name}) == {layout.SizeBytes}", name));
            claims.AddRange(Named(layout.Members).Select(member => Claim(
                $"__builtin_offsetof({name}, {member.Name}) == {member.OffsetBytes}", $"{name}.{member.Name}")));
        }

        return claims;
    }

    private static string Claim(string condition, string what) => $"_Static_assert({condition}, \"{what}\");";

    // C has no offset of a bit-field.
    private static IEnumerable<MemberLayout> Named(IReadOnlyList<MemberLayout> members) => members.SelectMany(member =>
        member.Name is null ? Named(member.Members ?? []) : member.BitSize is null ? [member] : []);
}

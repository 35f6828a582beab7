using System.Text;
using Relo.Api.Tests.Fixtures;

namespace Relo.Browser.Fixtures;

/// <summary>The sample with markup in its strings: names of programs, types, fields, maps, files, and lines of C.</summary>
internal static class HostileNames
{
    // Each as long as what it replaces, so that no offset changes.
    private static readonly (string Name, string Markup)[] Names =
    [
        ("handle_sched_switch", "<b onclick=alert()>"),
        ("handle_sched_wakeup", "<a href=//x>&amp;</"),
        ("task_struct", "<i>x</i>&\"'"),
        ("syscall_work_bit", "<img src=x onerr"),
        ("runqslower-mini.bpf.c", "\"><script>1</script>c"),
        ("waiting", "<s>x&'\""),
        ("thread_info", "</li></ul>{"),
    ];

    /// <summary>The object.</summary>
    public static byte[] Object { get; } = Replaced();

    /// <summary>What must be shown as text.</summary>
    public static IEnumerable<string> Shown => Names.Take(1).Select(name => name.Markup);

    private static byte[] Replaced()
    {
        var bytes = Samples.Object.ToArray();
        foreach (var (name, markup) in Names)
        {
            var (from, to) = (Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(markup));
            if (from.Length != to.Length) throw new InvalidOperationException($"{name} and {markup} differ in length");
            for (var at = bytes.AsSpan().IndexOf(from); at >= 0; at = bytes.AsSpan().IndexOf(from)) to.CopyTo(bytes, at);
        }

        return bytes;
    }
}

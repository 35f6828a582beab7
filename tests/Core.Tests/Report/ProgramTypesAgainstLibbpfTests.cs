using System.Runtime.InteropServices;
using Relo.Core.Objects;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Report;

/// <summary>The same questions to the installed libbpf, through libbpf_prog_type_by_name.</summary>
public sealed class ProgramTypesAgainstLibbpfTests
{
    // Added after 1.1, the oldest libbpf worth comparing with.
    private static readonly HashSet<string> Newer =
    [
        "tc/ingress", "tc/egress", "tcx/ingress", "tcx/egress", "netkit/primary", "netkit/peer", "netfilter",
        "cgroup/connect_unix", "cgroup/sendmsg_unix", "cgroup/recvmsg_unix", "cgroup/getpeername_unix", "cgroup/getsockname_unix",
        "uprobe.multi", "uretprobe.multi", "uprobe.multi.s", "uretprobe.multi.s", "kprobe.session", "uprobe.session", "uprobe.session.s",
        "usdt.s", "fsession", "fsession.s", "struct_ops.s",
        "fentry.multi", "fentry.multi.s", "fexit.multi", "fexit.multi.s", "fsession.multi", "fsession.multi.s",
        "tp.s", "tracepoint.s", "raw_tp.s", "raw_tracepoint.s", "tp_btf.s", "sk_skb/verdict",
    ];

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TypeByName([MarshalAs(UnmanagedType.LPUTF8Str)] string name, out int type, out int attachType);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint TypeName(int type);

    [Fact]
    public void Same_type_as_libbpf_for_every_section_name_and_its_neighbours()
    {
        Assert.SkipUnless(NativeLibrary.TryLoad("libbpf.so.1", out var libbpf), "libbpf.so.1 is not installed");
        var byName = Marshal.GetDelegateForFunctionPointer<TypeByName>(NativeLibrary.GetExport(libbpf, "libbpf_prog_type_by_name"));
        var typeName = Marshal.GetDelegateForFunctionPointer<TypeName>(NativeLibrary.GetExport(libbpf, "libbpf_bpf_prog_type_str"));
        var compared = 0;
        foreach (var section in Names().Where(n => !IsNewer(n)))
        {
            var expected = byName(section, out var type, out _) == 0
                ? Marshal.PtrToStringUTF8(typeName(type))!.Replace('_', '-')
                : "unknown";
            Assert.Equal((section, expected), (section, ProgramTypes.Find(section).Name));
            compared++;
        }
        Assert.True(compared > 400, $"only {compared} names compared");
    }

    private static IEnumerable<string> Names()
    {
        var known = SectionNames.Whole.Concat(SectionNames.Stems).SelectMany(r => r.Sections.Split(' '));
        var variants = known.SelectMany(n => (string[])[n, n + "/", n + "/x", n + "/x/y", n + "x", n + ".s", n + ".s/x", n[..^1], "/" + n]);
        return variants.Concat(LibbpfTools.Objects.SelectMany(o => LibbpfTools.CodeSections(o.Bytes))).Distinct();
    }

    private static bool IsNewer(string name) => Newer.Contains(name) || Newer.Contains(name.Split('/')[0]);
}

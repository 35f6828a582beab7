using Relo.Core.Checks;
using Relo.Core.Compatibility;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Tests.Compatibility;

public class CompatibilitySheetTests
{
    private static readonly MissingAccess Pid = new("struct task_struct.pid (0:2 @ offset 24)", "no-field", "on_switch", Reachable: true,
        new SourceLine("a.bpf.c", 7, 3, "return p->pid;"));

    private static readonly MissingAccess State = Pid with { Local = "struct task_struct.state (0:1 @ offset 16)", Reachable = false };

    private static readonly Check RingBuffer =
        new(NeedKind.MapType, "ringbuf", CheckStatus.Absent, "enum bpf_map_type has no BPF_MAP_TYPE_RINGBUF",
        null, [], Optional: false);

    private static readonly FieldChange Moved =
        new("struct task_struct", "flags", "0:0", "moved", 0, 8, 8, 8, null, null, "struct task_struct", [0]);

    private static string Text(params CheckedGroup[] groups) =>
        string.Join('\n', TextLayout.Lines(CompatibilitySheet.Of(groups, "a.bpf.o", "sha256:11", refusal: null)));

    [Fact]
    public void Each_fault_is_listed_once_with_its_kernels() => Assert.Equal(
        """
        BROKEN on 1, FAILED on 1, GUARDED on 4 of 6 kernels. WILL NOT LOAD on 1, which lacks something that
        the object needs
          object   a.bpf.o, sha256:11
          kernels  6

        No verdict (1)
          relo #1: ambiguous
            on 1 of 6: c/1

        Missing, and reached: the verifier rejects these programs (1)
          a.bpf.c:7:3
            struct task_struct.pid (0:2 @ offset 24)
            no-field: the kernel's type has no such field
            in on_switch
            return p->pid;
            on 1 of 6: a/1

        Needs that kernels do not meet (1)
          map-type ringbuf: absent
            enum bpf_map_type has no BPF_MAP_TYPE_RINGBUF
            the whole object
            on 1 of 6: a/1

        Missing, but never reached there (1)
          a.bpf.c:7:3
            struct task_struct.state (0:1 @ offset 16)
            no-field: the kernel's type has no such field
            in on_switch
            return p->pid;
            on 5 of 6: a/1, b/1, b/2 and 2 more

        Moved or changed (1)
          moved  struct task_struct.flags  offset 0 -> 8  on 4 of 6: b/1, b/2, b/3 and 1 more

        Kernels (6)
          broken   a/1
          failed   c/1
          guarded  b/1, b/2, b/3 and 1 more
        """,
        Text(new("broken", ["a/1"], [Pid, State], [], [RingBuffer], null), new("failed", ["c/1"], [], [], [], "relo #1: ambiguous"),
            new("guarded", ["b/1", "b/2", "b/3", "b/4"], [State], [Moved], [], null)));

    [Fact]
    public void Everything_right_is_one_line_and_the_kernels() => Assert.Equal(
        """
        OK on 1 of 1 kernel
          object   a.bpf.o, sha256:11
          kernels  1

        Kernels (1)
          ok  a/1
        """, Text(new CheckedGroup("ok", ["a/1"], [], [], [], null)));
}

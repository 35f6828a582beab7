using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>The example that explains the product: thread_info grows, task_struct.state moves from 16 to 24.</summary>
public class TaskStructStateTests
{
    private static uint Task(BtfWriter b, params string[] threadInfo)
    {
        var u64 = b.Int("unsigned long", 8);
        var info = b.Struct(
            "thread_info", (uint)threadInfo.Length * 8, [.. threadInfo.Select((name, i) => new BtfWriter.Member(name, u64, (uint)i * 64))]);
        var at = (uint)threadInfo.Length * 64;
        return b.Struct("task_struct", (at / 8) + 8, new("thread_info", info, 0), new("state", u64, at));
    }

    [Fact]
    public void Moved_field_gets_the_target_offset()
    {
        var answer = new Ask(b => Task(b, "flags", "status"), b => Task(b, "flags", "syscall_work", "status"))
            .Insn(new(0x79, 1, 7, 16, 0), "0:1", Core.BtfExt.CoreReloKind.FieldByteOffset)
            .Run();

        Assert.Equal("r1 = *(u64 *)(r7 + 16)", Disassembler.Format(answer.Relocated.Fixups[0].Change.Before.First));
        Assert.Equal("r1 = *(u64 *)(r7 + 24)", Disassembler.Format(answer.At(0)));
    }

    [Fact]
    public void Same_layout_leaves_the_instruction()
    {
        var answer = new Ask(b => Task(b, "flags", "status"), b => Task(b, "flags", "status")).Load("0:1", 16).Run();
        Assert.Equal(16, answer.Offset());
        Assert.False(answer.Relocated.Fixups[0].IsChanged);
    }

    [Fact]
    public void Only_the_instruction_and_the_header_change()
    {
        var answer = new Ask(b => Task(b, "flags", "status"), b => Task(b, "flags", "syscall_work", "status")).Load("0:1", 16).Run();
        var (was, now) = (answer.Object.Bytes.ToArray(), answer.Relocated.PatchedBytes.ToArray());
        var ext = answer.Object.Elf.FindSection(".BTF.ext")!;
        var code = answer.Object.Programs[0].Section;

        Assert.Equal(was.Length, now.Length);
        var different = Enumerable.Range(0, was.Length).Where(i => was[i] != now[i]).ToArray();
        Assert.NotEmpty(different);
        Assert.All(
            different, i => Assert.True((i >= code.Offset + 2 && i < code.Offset + 4) || (i >= ext.Offset + 24 && i < ext.Offset + 32)));
        Assert.Equal(new byte[8], now[(int)(ext.Offset + 24)..(int)(ext.Offset + 32)]);
        Assert.Equal(32, BitConverter.ToInt32(now, (int)ext.Offset + 4));
    }

    [Fact]
    public void A_relocated_object_is_told_from_one_with_nothing_to_relocate()
    {
        var answer = new Ask(b => Task(b, "flags", "status"), b => Task(b, "flags", "status")).Load("0:1", 16).Run();
        var again = BpfObject.Read(answer.Relocated.PatchedBytes);
        Assert.True(again.Ext!.HasOrphanedCoreRelos);
        Assert.Empty(again.Records);
        var refused = Assert.Throws<Core.Bytes.MalformedObjectException>(() => BpfObject.ReadOriginal(answer.Relocated.PatchedBytes));
        Assert.Equal("already-relocated", refused.Code);
        Assert.Contains("send the original", refused.Message, StringComparison.Ordinal);
        Assert.False(BpfObject.Read(new ObjectWriter().ToBytes()).Ext!.HasOrphanedCoreRelos);
    }
}

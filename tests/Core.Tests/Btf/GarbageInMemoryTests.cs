using System.Buffers;
using System.Runtime.InteropServices;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Elf;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Btf;

/// <summary>Files and responses must not contain uninitialised memory.</summary>
public class GarbageInMemoryTests
{
    private static readonly BtfIndexKey Key = new(Digest.Of("the BTF"u8), null, Stamp: 17);

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xcc)]
    [InlineData(0xff)]
    public void The_head_of_an_index_overwrites_all_of_its_bytes(int garbage)
    {
        var types = BtfReader.Read(Samples.SyscallWork);
        var expected = BtfIndexFile.Write(types, Key);
        var file = expected.ToArray();
        file.AsSpan(0, BtfIndexHead.Size).Fill((byte)garbage);
        BtfIndexHead.Of(types, Key).Seal(file);
        Assert.Equal(expected, file);
        Assert.All(file[Marshal.SizeOf<BtfIndexHead>()..BtfIndexHead.Size], unused => Assert.Equal(0, unused));
    }

    [Fact]
    public void An_index_and_a_relocated_object_are_the_same_whatever_was_in_memory()
    {
        var btf = Samples.SyscallWork;
        var elf = ElfReader.Read(Samples.Object);
        var (index, copy) = (Made(btf), new ElfPatch(elf).Bytes.ToArray());
        Assert.Equal(BtfIndexFile.Write(BtfReader.Read(btf), Key), index);
        foreach (var garbage in new byte[] { 0xcc, 0x01, 0xff })
        {
            for (var round = 0; round < 10; round++)
            {
                FillMemory(garbage);
                Assert.Equal(index, Made(btf));
                FillMemory(garbage);
                Assert.Equal(index, BtfIndexFile.Write(BtfReader.Read(btf), Key));
                FillMemory(garbage);
                Assert.Equal(copy, new ElfPatch(elf).Bytes.ToArray());
            }
        }
    }

    private static byte[] Made(byte[] btf) => BtfIndexFile.Make(btf, Key, null, out _);

    // Rented arrays come back as they were returned; new ones that are not zeroed take the place of old ones on the heap.
    private static void FillMemory(byte garbage)
    {
        Pooled<int>(garbage);
        Pooled<short>(garbage);
        Pooled<NameEntry>(garbage);
        Pooled<byte>(garbage);
        for (var size = 4 << 10; size <= 1 << 20; size *= 2)
            for (var i = 0; i < 8; i++) new byte[size].AsSpan().Fill(garbage);
        GC.Collect();
    }

    private static void Pooled<T>(byte garbage)
        where T : struct
    {
        for (var size = 16; size <= 1 << 20; size *= 2)
        {
            var array = ArrayPool<T>.Shared.Rent(size);
            MemoryMarshal.AsBytes(array.AsSpan()).Fill(garbage);
            ArrayPool<T>.Shared.Return(array);
        }
    }
}

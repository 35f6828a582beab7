using System.Buffers.Binary;
using System.Text;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Btf;

public class BtfIndexFileTests
{
    private const string RunningKernel = "/sys/kernel/btf/vmlinux";
    private static readonly BtfIndexKey Key = new(Digest.Of("the BTF"u8), null, Stamp: 17);

    private static byte[] Made(bool bigEndian = false)
    {
        var b = new BtfWriter(bigEndian);
        var u64 = b.Int("long", 8, BtfInt.SignedEncoding);
        b.Struct("task", 16, new("a", u64, 0), new("b", b.Ptr(u64), 64));
        b.Struct("task___old", 8, new BtfWriter.Member("a", u64, 0));
        b.Ref(BtfKind.Typedef, 3, "task_t");
        b.Enum("colour___", 4, signed: false, ("red", 1));
        b.FuncProto(u64, ("x", u64));
        b.Add("task", BtfKind.Func, 7, 1, false);
        b.Fwd("task");
        return b.ToBytes();
    }

    /// <summary>Names of all lengths up to some vectors, with and without flavours, which begin anywhere among the strings.</summary>
    private static byte[] MadeOfNames()
    {
        var b = new BtfWriter();
        for (var length = 1; length <= 100; length++)
        {
            var name = new string('n', length);
            foreach (var text in new[] { name, name + "_", name + "___o", name + "____o", "_" + name + "___old__", name + "___" + name + "__x" }) b.Struct(text, 0);
        }

        b.Struct("last", 0);
        return b.ToBytes();
    }

    public static TheoryData<string, byte[]> Kernels()
    {
        var data =
            new TheoryData<string, byte[]> { { "made", Made() }, { "made of names", MadeOfNames() }, { "made for big-endian machines", Made(bigEndian: true) }, { "sample", Samples.SyscallWork }, { "empty", new BtfWriter().ToBytes() } };
        if (File.Exists(RunningKernel)) data.Add("running", File.ReadAllBytes(RunningKernel));
        return data;
    }

    [Theory]
    [MemberData(nameof(Kernels), DisableDiscoveryEnumeration = true)]
    public void Opened_with_its_index_every_type_is_where_plain_reading_finds_it(string name, byte[] btf)
    {
        var plain = new PlainBtf(btf);
        var read = BtfReader.Read(btf);
        var opened = Open(BtfIndexFile.Write(read, Key), btf)!;
        Assert.True(opened.Count == plain.Types.Count + 1, name);
        Assert.Equal((read.IsBigEndian, read.PointerSize), (opened.IsBigEndian, opened.PointerSize));
        for (var id = 1u; id < (uint)opened.Count; id++)
        {
            var type = opened[id];
            var expected = plain.Types[(int)id - 1];
            if ((type.NameOffset, type.Info, type.SizeOrType) != (expected.NameOffset, expected.Info, expected.SizeOrType))
                Assert.Fail($"{name}: type {id} is {type}, expected {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Kernels), DisableDiscoveryEnumeration = true)]
    public void Every_essential_name_has_the_types_that_plain_reading_finds(string name, byte[] btf)
    {
        var opened = Open(BtfIndexFile.Write(BtfReader.Read(btf), Key), btf)!;
        var expected = new PlainBtf(btf).ByEssentialName();
        foreach (var (essential, ids) in expected)
        {
            var found = Find(opened, essential);
            if (!found.SequenceEqual(ids))
                Assert.Fail($"{name}: {essential} has types {string.Join(", ", found)}, expected {string.Join(", ", ids)}");
        }

        Assert.Equal(expected.Values.Sum(ids => ids.Count), opened.Index.Entries.Length);
        Assert.Empty(Find(opened, "no type has this name"));
    }

    [Theory]
    [MemberData(nameof(Kernels), DisableDiscoveryEnumeration = true)]
    public void Every_function_and_variable_is_found_by_name(string name, byte[] btf)
    {
        var read = BtfReader.Read(btf);
        var opened = Open(BtfIndexFile.Write(read, Key), btf)!;
        var first = new Dictionary<string, uint>();
        for (var id = 1u; id < (uint)read.Count; id++)
            if (read[id] is { Kind: BtfKind.Func or BtfKind.Var } type) first.TryAdd(Encoding.UTF8.GetString(read.Name(type.NameOffset)), id);
        foreach (var (symbol, id) in first)
            if (opened.Symbols.Find(Encoding.UTF8.GetBytes(symbol))?.Id != id) Assert.Fail($"{name}: {symbol}");
        Assert.Equal(first.Count > 0, opened.Symbols.HasFunctions || opened.Symbols.HasVariables);
        Assert.Null(opened.Symbols.Find("no function has this name"u8));
    }

    [Fact]
    public void No_change_of_a_bit_goes_unnoticed()
    {
        var btf = Made();
        var index = BtfIndexFile.Write(BtfReader.Read(btf), Key);
        for (var bit = 0; bit < index.Length * 8; bit++)
        {
            var damaged = index.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Open(damaged, btf) is null, $"bit {bit % 8} of byte {bit / 8}");
        }
    }

    [Fact]
    public void An_index_that_was_torn_is_refused_at_every_length()
    {
        var btf = Made();
        var index = BtfIndexFile.Write(BtfReader.Read(btf), Key);
        for (var length = 0; length < index.Length; length++)
        {
            Assert.Null(Open(index[..length], btf));
            // of the right size, but its end was never written to the disk
            byte[] hollow = [.. index[..length], .. new byte[index.Length - length]];
            Assert.Equal(hollow.AsSpan().SequenceEqual(index), Open(hollow, btf) is not null);
        }

        Assert.Null(Open([.. index, 0, 0, 0, 0], btf));
    }

    [Fact]
    public void An_index_of_something_else_is_refused()
    {
        var btf = Made();
        var index = BtfIndexFile.Write(BtfReader.Read(btf), Key);
        Assert.NotNull(BtfIndexFile.Open(index, btf, Key));
        Assert.Null(BtfIndexFile.Open(index, btf, Key with { Btf = Digest.Of("another"u8) }));
        Assert.Null(BtfIndexFile.Open(index, btf, Key with { Base = Key.Btf }));
        Assert.Null(BtfIndexFile.Open(index, btf, Key with { Stamp = 18 }));
        Assert.Null(BtfIndexFile.Open(index, btf.AsMemory(0, btf.Length - 1), Key));
    }

    [Fact]
    public void An_index_that_lies_with_the_right_checksum_leads_nowhere_outside_and_to_no_wrong_type()
    {
        var btf = Made();
        var index = BtfIndexFile.Write(BtfReader.Read(btf), Key);
        var expected = new PlainBtf(btf).ByEssentialName();
        var names = BtfIndexHead.Size + ((BtfReader.Read(btf).Count - 1) * 4);
        var taken = 0;
        for (var at = BtfIndexHead.CheckedFrom; at < index.Length; at += 4)
        {
            foreach (var value in new uint[] { 0, 1, 2, 3, 9, 0x7fffffff, 0x80000000, 0xffffffff })
            {
                var forged = index.ToArray();
                BinaryPrimitives.WriteUInt32LittleEndian(forged.AsSpan(at), value);
                BinaryPrimitives.WriteUInt32LittleEndian(forged.AsSpan(12), Crc.Of(forged.AsSpan(BtfIndexHead.CheckedFrom)));
                if (Open(forged, btf) is not { } types) continue;
                taken++;
                for (var id = 0u; id < (uint)types.Count; id++) _ = types[id];
                // Where the types are may be a lie; what a name is compared with is not.
                if (at < names) continue;
                Assert.True(types.Symbols.Find("task"u8) is null or { Kind: BtfKind.Func });
                foreach (var (essential, ids) in expected) Assert.Subset(ids.ToHashSet(), Find(types, essential).ToHashSet());
            }
        }

        Assert.True(taken > 100, $"only {taken} forged indexes were taken");
    }

    [Fact]
    public void The_index_of_a_module_counts_on_from_its_kernel()
    {
        var kernel = BtfReader.Read(Made());
        var writer = new BtfWriter(splitBase: kernel);
        writer.Struct("task", 8, new BtfWriter.Member("a", 1, 0));
        writer.Struct("own", 8, new BtfWriter.Member("task", 3, 0));
        var btf = writer.ToBytes();
        var key = Key with { Base = Digest.Of("the kernel"u8) };
        var index = BtfIndexFile.Write(BtfReader.Read(btf, kernel), key);
        var module = BtfIndexFile.Open(index, btf, key, kernel)!;
        Assert.Equal([(uint)kernel.Count], Find(module, "task"));
        Assert.Equal([(uint)kernel.Count + 1], Find(module, "own"));
        Assert.Equal("task", module.NameText(module.Member(module[(uint)kernel.Count + 1], 0).NameOffset));
        Assert.Null(BtfIndexFile.Open(index, btf, key)); // not without its kernel
        Assert.Null(BtfIndexFile.Open(index, btf, key, BtfReader.Read(new BtfWriter().ToBytes())));
    }

    [Fact]
    public void An_index_is_sound_when_it_would_be_made_like_that_again()
    {
        var types = BtfReader.Read(Made());
        var index = BtfIndexFile.Write(types, Key);
        Assert.True(BtfIndexFile.IsSound(index, types, Key with { Stamp = 0 }));
        Assert.False(BtfIndexFile.IsSound(index, types, Key with { Btf = Digest.Of("another"u8) }));
        Assert.False(BtfIndexFile.IsSound(index.AsSpan(0, index.Length - 4), types, Key));
        Assert.False(BtfIndexFile.IsSound([], types, Key));
        index[^1] ^= 1;
        Assert.False(BtfIndexFile.IsSound(index, types, Key));
    }

    [Fact]
    public void An_index_of_another_version_is_not_used_and_no_damage()
    {
        var btf = Made();
        var types = BtfReader.Read(btf);
        var index = BtfIndexFile.Write(types, Key);
        index[8]++;
        Assert.Null(Open(index, btf));
        Assert.True(BtfIndexFile.IsSound(index, types, Key));
    }

    private static BtfTypes? Open(byte[] index, byte[] btf) => BtfIndexFile.Open(index, btf, Key);

    /// <summary>As candidates are searched.</summary>
    private static List<uint> Find(BtfTypes types, string essential)
    {
        var name = Encoding.Latin1.GetBytes(essential);
        var hash = NameIndex.Hash(name);
        var found = new List<uint>();
        foreach (var entry in types.Index.Bucket(hash))
            if (entry.Hash == hash && types.EssentialNameEquals(types[entry.Id].NameOffset, name)) found.Add(entry.Id);
        return found;
    }
}

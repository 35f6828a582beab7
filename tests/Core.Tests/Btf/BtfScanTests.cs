using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Tests.Btf;

/// <summary>The scan by vectors against the plain one, type by type, over kinds at random: sound types, wrong references, counts that lie, ends cut off.</summary>
public class BtfScanTests
{
    private const uint Strings = 64;

    /// <summary>Types of all kinds, of which few refer to what does not exist, one in some is of a kind that only the layout table knows.</summary>
    private static byte[] Made(Random random, bool bigEndian)
    {
        var types = random.Next(1, 400);
        var words = new List<uint>();
        for (var i = 0; i < types; i++)
        {
            var kind = random.Next(40) == 0 ? (BtfKind)random.Next(23, 26) : (BtfKind)random.Next(1, 23);
            var count = random.Next(8) switch { 0 => random.Next(0, 40), 1 => 0, _ => random.Next(0, 4) };
            var layout = KindLayout.Of(kind) ?? new("", "ni.", "..", false); // as in LayoutTable
            words.Add(Word('n'));
            words.Add(((uint)random.Next(2) << 31) | ((uint)kind << 24) | (uint)count);
            words.AddRange(layout.Once.Skip(2).Select(Word));
            for (var e = 0; e < count; e++) words.AddRange(layout.Element.Select(Word));
        }

        if (random.Next(6) == 0) words.RemoveRange(words.Count - 1, 1); // the last type is cut off
        if (random.Next(10) == 0) words[random.Next(words.Count)] = (uint)random.NextInt64(1L << 32);
        return Raw([.. words], bigEndian);

        uint Word(char word) => word switch
        {
            'n' => random.Next(3000) == 0 ? Strings + (uint)random.Next(3) : (uint)random.Next((int)Strings),
            't' => random.Next(3000) == 0 ? (uint)random.Next(types, types + 3) : (uint)random.Next(types),
            'T' => 0, // chains are not what is compared here
            _ => (uint)random.NextInt64(1L << 32),
        };
    }

    private static byte[] Raw(uint[] words, bool bigEndian)
    {
        uint[] header = [bigEndian ? 0xeb9f0100 : 0x0001eb9f, 24, 0, (uint)words.Length * 4, (uint)words.Length * 4, Strings];
        var bytes = new byte[(header.Length + words.Length) * 4 + (int)Strings];
        uint[] all = [.. header, .. words];
        for (var i = 0; i < all.Length; i++)
        {
            if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), all[i]);
            else BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), all[i]);
        }

        return bytes;
    }

    // Kinds 23 to 25: nothing after the head, eight bytes an element.
    private static readonly (byte, byte)[] LayoutTable = [.. Enumerable.Range(0, 26).Select(kind => kind > 22 ? ((byte)0, (byte)8) : default)];

    private static string Scanned(byte[] bytes, bool oneByOne)
    {
        var header = BtfHeader.Read(bytes, MalformedObjectException.InvalidBtf, ".BTF");
        try
        {
            using var scan = BtfScan.Run(new(bytes, header, null, MalformedObjectException.InvalidBtf, ".BTF"), LayoutTable, oneByOne);
            return $"{string.Join(' ', scan.Offsets.ToArray())} | {string.Join(' ', scan.Chained.ToArray())} | {string.Join(' ', scan.Named.ToArray())} | {scan.Largest}";
        }
        catch (MalformedObjectException fault)
        {
            return $"{fault.Offset:x}: {fault.Message}";
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Scanning_by_vectors_finds_what_scanning_one_by_one_finds(int seed, bool bigEndian)
    {
        var random = new Random(seed);
        var (sound, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var bytes = Made(random, bigEndian);
            var plain = Scanned(bytes, oneByOne: true);
            if (plain != Scanned(bytes, oneByOne: false)) Assert.Fail($"seed {seed}, round {round}: one by one {plain[..Math.Min(plain.Length, 200)]}, by vectors {Scanned(bytes, oneByOne: false)}");
            if (plain.Contains(" | ", StringComparison.Ordinal)) sound++;
            else refused++;
        }

        // Neither kind of input is rare, so that neither way of ending goes unseen.
        Assert.True(sound > 500 && refused > 500, $"{sound} sound, {refused} refused");
    }

    [Fact]
    public void The_largest_references_are_those_of_a_plain_search_over_each_word()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var bytes = Made(random, bigEndian: false);
            var header = BtfHeader.Read(bytes, MalformedObjectException.InvalidBtf, ".BTF");
            var section = new BtfSection(bytes, header, null, MalformedObjectException.InvalidBtf, ".BTF");
            try
            {
                using var scan = BtfScan.Run(section, LayoutTable);
                var (name, id) = (0u, 0u);
                for (var i = 0; i < scan.Offsets.Length; i++)
                {
                    var end = i + 1 < scan.Offsets.Length ? scan.Offsets[i + 1] : section.Words.Length;
                    var kind = (BtfKind)((section.Words[scan.Offsets[i] + 1] >> 24) & 0x7f);
                    for (var word = 0; word < end - scan.Offsets[i]; word++)
                    {
                        var letter = KindLayout.Of(kind)?[word] ?? (word == 0 ? 'n' : '.');
                        if (letter == 'n') name = Math.Max(name, section.Words[scan.Offsets[i] + word]);
                        if (letter is 't' or 'T') id = Math.Max(id, section.Words[scan.Offsets[i] + word]);
                    }
                }

                Assert.Equal((name, id), scan.Largest);
            }
            catch (MalformedObjectException)
            {
                // refused: what is compared above
            }
        }
    }
}

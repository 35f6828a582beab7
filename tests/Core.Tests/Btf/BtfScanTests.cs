using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Tests.Btf;

/// <summary>
/// The scan against a naive one over random types of all kinds: sound ones, wrong references, counts that lie, truncated ends.
/// </summary>
public class BtfScanTests
{
    private const uint Strings = 64;

    /// <summary>Types of all kinds; a few refer to what does not exist, some are of a kind that only the layout table knows.</summary>
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
            'T' => 0, // chains are not compared here
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
    private static readonly (byte, byte)[] LayoutTable =
        [.. Enumerable.Range(0, 26).Select(kind => kind > 22 ? ((byte)0, (byte)8) : default)];

    /// <summary>What a scan finds, or where and why it refuses.</summary>
    private static string Scanned(byte[] bytes)
    {
        try
        {
            using var scan = BtfScan.Run(Section(bytes), LayoutTable);
            return Text(scan.Offsets.ToArray(), scan.Chained.ToArray(), scan.Named.ToArray(), scan.Largest);
        }
        catch (MalformedObjectException fault)
        {
            return $"{fault.Offset:x}: {fault.Message}";
        }
    }

    /// <summary>
    /// The same, word by word and letter by letter of <see cref="KindLayout"/>; references that are wrong are found after all types are.
    /// </summary>
    private static string WordByWord(byte[] bytes)
    {
        var btf = Section(bytes);
        var words = btf.Words;
        var (offsets, chained, named) = (new List<int>(), new List<int>(), new List<NameEntry>());
        var (references, largest) = (new List<(int Word, uint Type, bool IsName)>(), (Name: 0u, Id: 0u));
        try
        {
            for (var at = 0; at < words.Length;)
            {
                var id = (uint)offsets.Count + 1;
                if (words.Length - at < 3)
                    throw btf.Fault(at, id, $"begins {(words.Length - at) * 4} bytes before the end of the types; a type has at least 12");
                var (kind, count) = ((int)(words[at + 1] >> 24) & 0x7f, (int)(words[at + 1] & 0xffffff));
                var layout = KindLayout.Of((BtfKind)kind) ?? (kind is > 22 and < 26 ? new("", "ni.", "..", false) : null);
                if (layout is null) throw btf.Fault(at + 1, id, $"has kind {kind}, known kinds are 1 to 22");
                var length = layout.Once.Length + ((long)count * layout.Element.Length);
                if (length > words.Length - at)
                    throw btf.Fault(at, id, $"needs {length * 4} bytes, but only {(words.Length - at) * 4} are left");
                for (var word = 0; word < length; word++)
                {
                    if (KindLayout.IsName(layout[word])) largest.Name = Math.Max(largest.Name, words[at + word]);
                    if (KindLayout.IsType(layout[word])) largest.Id = Math.Max(largest.Id, words[at + word]);
                    if (layout[word] is 'n' or 't' or 'T') references.Add((at + word, id, layout[word] == 'n'));
                }

                if (layout.Once.Contains('T', StringComparison.Ordinal)) chained.Add(offsets.Count);
                if (layout.IsIndexed && words[at] != 0) named.Add(new(words[at], id));
                offsets.Add(at);
                at += (int)length;
            }

            foreach (var (word, type, isName) in references)
            {
                if (isName && words[word] >= Strings)
                    throw btf.Fault(word, type, $"has its name at string offset {words[word]}, but the strings end at {Strings}");
                if (!isName && words[word] > offsets.Count)
                    throw btf.Fault(word, type, $"refers to type {words[word]}, but the last type is {offsets.Count}");
            }

            return Text([.. offsets], [.. chained], [.. named], largest);
        }
        catch (MalformedObjectException fault)
        {
            return $"{fault.Offset:x}: {fault.Message}";
        }
    }

    private static BtfSection Section(byte[] bytes) =>
        new(bytes, BtfHeader.Read(bytes, MalformedObjectException.InvalidBtf, ".BTF"), null, MalformedObjectException.InvalidBtf, ".BTF");

    private static string Text(int[] offsets, int[] chained, NameEntry[] named, (uint, uint) largest) =>
        $"{string.Join(' ', offsets)} | {string.Join(' ', chained)} | {string.Join(' ', named)} | {largest}";

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_scan_finds_what_a_reader_of_single_words_finds(int seed, bool bigEndian)
    {
        var random = new Random(seed);
        var (sound, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var bytes = Made(random, bigEndian);
            var expected = WordByWord(bytes);
            var found = Scanned(bytes);
            if (found.Contains("chain", StringComparison.Ordinal)) continue; // BtfReaderTests compares those
            if (expected != found) Assert.Fail($"seed {seed}, round {round}: expected {Begin(expected)}, found {Begin(found)}");
            if (expected.Contains(" | ", StringComparison.Ordinal)) sound++;
            else refused++;
        }

        // Both kinds of input are common, so that both ways to end are tested.
        Assert.True(sound > 500 && refused > 500, $"{sound} sound, {refused} refused");

        static string Begin(string text) => text[..Math.Min(text.Length, 200)];
    }
}

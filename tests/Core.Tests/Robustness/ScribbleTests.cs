using Relo.Core.Tests.Fixtures;

namespace Relo.Core.Tests.Robustness;

/// <summary>
/// Bytes overwritten at random (from fixed seeds) and in each place with telling values: the only results are refusals and outcomes.
/// </summary>
public sealed class ScribbleTests
{
    private const int Seeds = 4000;
    private static readonly uint[] Telling = [0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_bytes_in_an_object(bool bigEndian)
    {
        var whole = bigEndian ? Samples.BigEndianObject : Samples.Object;
        Survives(Enumerable.Range(0, Seeds).Select(seed => Scribbled(whole, seed)), bytes => Attempt.Run(bytes, seedKernel(bytes)));

        static byte[] seedKernel(byte[] bytes) => bytes[^1] % 2 == 0 ? Samples.FlagsStatus : Samples.SyscallWork;
    }

    [Fact]
    public void Random_bytes_in_the_objects_of_libbpf_tools()
    {
        Assert.SkipWhen(LibbpfTools.Objects.Count == 0, "libbpf-tools is not installed");
        Survives(LibbpfTools.Objects.SelectMany(o => Enumerable.Range(0, 25).Select(seed => Scribbled(o.Bytes, seed))),
            bytes => Attempt.Run(bytes, Samples.SyscallWork));
    }

    [Fact]
    public void Random_bytes_in_a_kernel_btf() =>
        Survives(
            Enumerable.Range(0, Seeds).Select(seed => Scribbled(Samples.SyscallWork, seed)), bytes => Attempt.Run(Samples.Object, bytes));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Telling_values_in_each_word_of_an_object(bool bigEndian) =>
        Survives(WithTellingWords(bigEndian ? Samples.BigEndianObject : Samples.Object), bytes => Attempt.Run(bytes, Samples.SyscallWork));

    [Fact]
    public void Telling_values_in_each_word_of_a_kernel_btf() =>
        Survives(WithTellingWords(Samples.SyscallWork), bytes => Attempt.Run(Samples.Object, bytes));

    /// <summary>All end, and not all in the same way: a test that only ever sees the first check proves little.</summary>
    private static void Survives(IEnumerable<byte[]> variants, Func<byte[], string> attempt)
    {
        var outcomes = new Dictionary<string, int>();
        foreach (var bytes in variants)
        {
            string outcome;
            try
            {
                outcome = attempt(bytes);
            }
            catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
            {
                // The input is the finding.
                var file = Path.Combine(Path.GetTempPath(), $"relo-robustness-{Guid.NewGuid():n}.bin");
                File.WriteAllBytes(file, bytes);
                throw new InvalidOperationException($"{e.GetType().Name} came out; the input is kept in {file}", e);
            }
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
        Assert.True(outcomes.Count >= 2 && outcomes.ContainsKey(nameof(Relocated)), $"too uniform: {string.Join(", ", outcomes)}");
    }

    /// <summary>One to eight places: a flipped bit, a byte, a word, or bytes copied from elsewhere in the file.</summary>
    private static byte[] Scribbled(byte[] whole, int seed)
    {
        var random = new Random(seed);
        var bytes = whole.ToArray();
        for (var times = random.Next(1, 9); times > 0; times--)
        {
            var at = random.Next(bytes.Length - 8);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    BitConverter.TryWriteBytes(bytes.AsSpan(at & ~3), Telling[random.Next(Telling.Length)]);
                    break;
                default:
                    var length = random.Next(1, Math.Min(64, bytes.Length - at));
                    bytes.AsSpan(random.Next(bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }
        return bytes;
    }

    private static IEnumerable<byte[]> WithTellingWords(byte[] whole)
    {
        for (var at = 0; at + 4 <= whole.Length; at += 4)
            foreach (var value in Telling)
            {
                var bytes = whole.ToArray();
                BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
                yield return bytes;
            }
    }
}

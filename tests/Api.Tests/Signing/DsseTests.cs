using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relo.Api.Signing;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Signing;

public sealed class DsseTests
{
    private const string Type = "http://example.com/HelloWorld";

    // protocol.md of DSSE, "Test Vectors".
    private const string SpecEnvelope = """
        {"payload": "aGVsbG8gd29ybGQ=",
         "payloadType": "http://example.com/HelloWorld",
         "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}
        """;

    private const string SpecX = "46950820868899156662930047687818585632848591499744589407958293238635476079160",
        SpecY = "5640078356564379163099075877009565129882514886557779369047442380624545832820";

    [Fact]
    public void What_is_signed_is_as_in_the_specification() => Assert.Equal(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world", Encoding.UTF8.GetString(Dsse.Pae(Type, "hello world"u8)));

    [Fact]
    public void Envelope_of_the_specification_verifies() =>
        Assert.Equal("hello world"u8.ToArray(), Dsse.Parse(Encoding.UTF8.GetBytes(SpecEnvelope)).Verify([SpecKey()]));

    [Fact]
    public void Payload_in_the_other_alphabet_of_Base64_is_the_same()
    {
        var envelope = Dsse.Parse(Encoding.UTF8.GetBytes(SpecEnvelope));
        var other = envelope with { Signatures = [new(null, envelope.Signatures[0].Sig.Replace('+', '-').Replace('/', '_'))] };
        Assert.NotNull(other.Verify([SpecKey()]));
    }

    [Fact]
    public async Task Whoever_has_another_key_verifies_nothing()
    {
        using var signer = TestKeys.Signer();
        using var other = TestKeys.Signer();
        var envelope = await Dsse.SignAsync(signer, Type, "hello"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("hello"u8.ToArray(), envelope.Verify([other.Key, signer.Key]));
        Assert.Null(envelope.Verify([other.Key]));
        Assert.Null(envelope.Verify([]));
        Assert.Null((envelope with { PayloadType = Type + "2" }).Verify([signer.Key]));
        Assert.Null((envelope with { Signatures = [] }).Verify([signer.Key]));
    }

    [Fact]
    public async Task Every_byte_of_an_envelope_counts()
    {
        using var signer = TestKeys.Signer();
        var envelope = await Dsse.SignAsync(signer, Subject.StatementType, "{\"a\":1}"u8.ToArray(), TestContext.Current.CancellationToken);
        var json = JsonSerializer.SerializeToUtf8Bytes(envelope, DsseJson.Plain.Dsse);
        var hint = Encoding.UTF8.GetString(json).IndexOf(signer.Key.Id, StringComparison.Ordinal);
        Assert.Equal("{\"a\":1}"u8.ToArray(), Verify(json));
        for (var i = 0; i < json.Length; i++)
        {
            if (i >= hint && i < hint + signer.Key.Id.Length) continue; // a hint, which is not signed
            var changed = (byte[])json.Clone();
            changed[i] ^= 1;
            // Where JSON allows it, the value is the same: a quote of a name may not be, the name of the hint may.
            var read = Verify(changed);
            Assert.True(read is null || IsNameOfHint(json, i), $"byte {i}: {Encoding.UTF8.GetString(changed)}");
        }

        byte[]? Verify(byte[] bytes)
        {
            try
            {
                return Dsse.Parse(bytes).Verify([signer.Key]);
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"payload":1,"payloadType":"x","signatures":[]}""")]
    [InlineData("""{"payload":"","payloadType":"x"}""")]
    public void What_is_no_envelope_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Dsse.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"payload":"%%%","payloadType":"x","signatures":[{"sig":"AA=="}]}""")]
    [InlineData("""{"payload":"AA==","payloadType":"x","signatures":[{"sig":"!"}]}""")]
    [InlineData("""{"payload":"AA==","payloadType":"x","signatures":[{}]}""")]
    [InlineData("""{"payload":"AA==","payloadType":"x","signatures":[null]}""")]
    public void What_is_not_Base64_verifies_nothing(string text) =>
        Assert.Null(Dsse.Parse(Encoding.UTF8.GetBytes(text)).Verify([SpecKey()]));

    private static bool IsNameOfHint(byte[] json, int i)
    {
        var name = Encoding.UTF8.GetString(json).IndexOf("keyid", StringComparison.Ordinal);
        return i >= name && i < name + "keyid".Length;
    }

    private static PublicKey SpecKey()
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Number(SpecX), Y = Number(SpecY) },
        });
        return PublicKey.Of(key);
    }

    private static byte[] Number(string digits)
    {
        var bytes = BigInteger.Parse(digits, CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}

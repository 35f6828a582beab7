using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Uploads;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Fuzz.Harnesses;

/// <summary>The HTTP input that is parsed before any handler.</summary>
internal static class Requests
{
    private const int Limit = 1 << 20;
    private const string Boundary = "b";

    // One for each, since nobody answers here, which is when what was taken is given back.
    private static readonly ServiceProvider Services = new ServiceCollection().AddTransient(_ => Memory()).BuildServiceProvider();

    private static readonly RouteParameters Parameters =
        new("/v1/relocations", [new("kernel", typeof(string), null), new("object", typeof(string), null)]);

    private static readonly MediaTypeHeaderValue Form = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");

    public static IReadOnlyList<Harness> All { get; } =
    [
        new("form", "multipart forms with an object and fields", FormSeeds,
            bytes => ObjectForm.ReadAsync(Form, bytes, ObjectForm.FileField, Parameters, withLog: true, CancellationToken.None).GetAwaiter()
                .GetResult())
        {
            Words = [
                .. new[] { "--b\r\n", "\r\n--b--\r\n", "\r\n\r\n", "Content-Disposition: form-data; name=", "\"object\"", "; filename=\"x\"", "filename*=UTF-8''x", "Content-Type: text/plain", ":", "\"" }.Select(Encoding.ASCII.GetBytes)],
        },
        new("body", "bodies with Content-Type, Content-Encoding and Content-Digest", BodySeeds, Body)
        {
            AllowedAnyway = 48 << 20, // zstd keeps its window
            Words = [
                .. new[] { "Content-Type: ", "Content-Encoding: ", "Content-Digest: ", "gzip", "zstd", "identity", "multipart/form-data; boundary=b", "sha-256=:", "sha-512=:", ":", "\n", ";", "\"" }.Select(Encoding.ASCII.GetBytes)],
        },
    ];

    private static MemoryBudget Memory() => new(Options.Create(new LimitOptions()));

    private static IEnumerable<byte[]> FormSeeds()
    {
        yield return FormOf("tracer"u8.ToArray());
        yield return FormOf(Seeds.Object[..600]);
        yield return "--b\r\nContent-Disposition: form-data; name=object; filename*=UTF-8''a%20b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--b--\r\n"u8.ToArray();
    }

    private static byte[] FormOf(byte[] file) =>
    [
        .. "--b\r\nContent-Disposition: form-data; name=\"kernel\"\r\n\r\n5.4.0-91-generic\r\n--b\r\nContent-Disposition: form-data; name=\"object\"; filename=\"x.o\"\r\n\r\n"u8, .. file, .. "\r\n--b--\r\n"u8,
    ];

    // "Name: value" lines, an empty line, the body.
    private static void Body(byte[] bytes)
    {
        var http = new DefaultHttpContext { RequestServices = Services };
        var end = bytes.AsSpan().IndexOf("\n\n"u8);
        foreach (var line in Encoding.Latin1.GetString(bytes, 0, Math.Max(end, 0)).Split('\n'))
            if (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
                http.Request.Headers.Append(line[..colon], line[(colon + 2)..]);
        http.Request.Body = new MemoryStream(bytes[(end < 0 ? 0 : end + 2)..]);
        ObjectBody.ReadAsync(http, Limit, Parameters).GetAwaiter().GetResult();
    }

    private static IEnumerable<byte[]> BodySeeds()
    {
        var body = Seeds.Object[..500];
        yield return [.. "Content-Type: application/octet-stream\n\n"u8, .. body];
        yield return [.. "Content-Type: application/octet-stream\nContent-Encoding: gzip\n\n"u8, .. Pack.Gzip(body)];
        yield return [.. "Content-Encoding: zstd\n\n"u8, .. Pack.Zstd(body)];
        yield return [.. "Content-Type: multipart/form-data; boundary=b\n\n"u8, .. FormOf(body)];
        yield return [.. Encoding.ASCII.GetBytes(
            $"Content-Digest: sha-256=:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(body))}:\n\n"), .. body];
    }
}

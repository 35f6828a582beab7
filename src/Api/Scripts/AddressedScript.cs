using System.Text;
using System.Text.RegularExpressions;
using Relo.Api.Http.Answers;
using Relo.Core.Bytes;

namespace Relo.Api.Scripts;

/// <summary>A script of <c>wwwroot</c> with this server's address.</summary>
internal static partial class AddressedScript
{
    private const string MediaType = "text/plain; charset=utf-8";
    private const string Placeholder = "BAKED_SERVER=''";

    /// <summary>Sends the script.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="http">The request: its address is written into the script.</param>
    /// <param name="environment">Locates the script.</param>
    public static async Task<IResult> SendAsync(string name, HttpContext http, IWebHostEnvironment environment)
    {
        var script = await NodeScript.ReadAsync(environment.WebRootPath, name, http.RequestAborted);
        if (!script.Contains(Placeholder, StringComparison.Ordinal))
            throw new InvalidOperationException($"{name} has no line {Placeholder}");
        var bytes = Encoding.UTF8.GetBytes(
            script.Replace(Placeholder, $"BAKED_SERVER='{AddressOf(http.Request)}'", StringComparison.Ordinal));
        http.Response.Headers.Vary = "Host";
        return new Download(bytes, Digest.Of(bytes), MediaType, fileName: null, immutable: false);
    }

    // The Host header is untrusted and ends up in a shell script: accept only valid host characters, none special to a shell. Anything else
    // leaves the script without an address, and the script then requires one.
    private static string AddressOf(HttpRequest request)
    {
        var address = $"{request.Scheme}://{request.Host.Value}{request.PathBase.Value}";
        return Address().IsMatch(address) ? address : "";
    }

    [GeneratedRegex(@"\Ahttps?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}

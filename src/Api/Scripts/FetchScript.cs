namespace Relo.Api.Scripts;

/// <summary>
/// The script with which nodes fetch objects (<c>wwwroot/fetch.sh</c>).
/// <code>curl -fsS http://localhost:8080/fetch.sh | sh -s -- tracer -o tracer.bpf.o</code>
/// </summary>
internal static class FetchScript
{
    /// <summary>Downloads the script for nodes.</summary>
    /// <param name="http">The request: its address is written into the script.</param>
    /// <param name="environment">Locates the script.</param>
    public static Task<IResult> Handle(HttpContext http, IWebHostEnvironment environment) =>
        AddressedScript.SendAsync("fetch.sh", http, environment);
}
